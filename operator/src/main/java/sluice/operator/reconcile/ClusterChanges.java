package sluice.operator.reconcile;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import sluice.operator.api.v1alpha1.RateLimitRollout;

/** What the operator does to the cluster besides committing status. Each may be repeated without harm. Throws what the client throws. */
public interface ClusterChanges {

    /** Makes the ConfigMap be so. */
    void put(ConfigMap bootstrap);

    /** Sets the injection label of the pod template, and nothing else. */
    void label(Target target, String value);

    /** Gives the injection label of the pod template up. */
    void unlabel(Target target);

    /** Makes a hook's Job, unless it is there or its rollout no longer wants it. */
    void start(Job job);

    /** Removes a hook's Job that nobody waits for any more, and its pods with it. */
    void stop(Job job);

    /** Tells an Event, unless one of that name has been told. */
    void tell(Event event);

    /** Sees that what is committed is kept for people to read later, in its own time: it never fails, and what could not be written is tried again at a later call. */
    void keep(RateLimitRollout committed);
}
