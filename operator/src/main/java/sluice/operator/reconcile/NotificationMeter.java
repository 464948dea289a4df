package sluice.operator.reconcile;

/** Hears how telling people is doing. */
public interface NotificationMeter {

    /** It went so: {@code sent}, {@code failed} (and is tried again), {@code lost}. */
    void notification(String result);
}
