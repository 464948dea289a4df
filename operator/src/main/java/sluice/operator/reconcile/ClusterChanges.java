package sluice.operator.reconcile;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;

/** What the operator does to the cluster besides committing status. Each may be repeated without harm. Throws what the client throws. */
public interface ClusterChanges {

    /** Makes the ConfigMap be so. */
    void put(ConfigMap bootstrap);

    /** Sets the injection label of the pod template, and nothing else. */
    void label(Target target, String value);

    /** Gives the injection label of the pod template up. */
    void unlabel(Target target);

    /** Tells an Event, unless one of that name has been told. */
    void tell(Event event);
}
