package sluice.operator.admission;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;

/** What injecting made of a pod. */
public sealed interface Injection {

    /** The pod to admit. */
    Pod pod();

    /** The pod has its sidecar; the warnings are for whoever made it. */
    record Injected(Pod pod, List<String> warnings) implements Injection {}

    /** The pod had its sidecar already. */
    record AlreadyInjected(Pod pod) implements Injection {}

    /** The pod cannot have a sidecar and stays as it was; the reason says what to change. */
    record Skipped(Pod pod, String reason) implements Injection {}
}
