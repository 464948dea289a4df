package sluice.e2e.rollout;

/** A condition of a rollout. */
public record ConditionView(String type, String status, String reason, String message) {
    public boolean isTrue() {
        return status.equals("True");
    }
}
