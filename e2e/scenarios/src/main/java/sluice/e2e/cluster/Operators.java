package sluice.e2e.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;

/** The operator's replicas. */
public final class Operators {
    public static final String NAMESPACE = "sluice-system";

    private static final String NAME = "sluice-operator";

    private final KubernetesClient client;

    public Operators(KubernetesClient client) {
        this.client = client;
    }

    /** The leader's name, as the Lease says. */
    public String leaderName() {
        var lease = client.leases().inNamespace(NAMESPACE).withName(NAME).get();
        if (lease == null || lease.getSpec().getHolderIdentity() == null) {
            throw new IllegalStateException("nobody leads: the Lease " + NAME + " has no holder");
        }
        return lease.getSpec().getHolderIdentity();
    }

    public Pod leader() {
        var name = leaderName();
        return pods().stream()
                .filter(pod -> name.contains(pod.getMetadata().getName()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no pod is the leader " + name));
    }

    public List<Pod> pods() {
        return client.pods().inNamespace(NAMESPACE).list().getItems().stream()
                .filter(pod -> pod.getMetadata().getName().startsWith(NAME))
                .toList();
    }

    /** The leader's Java processes, to be killed later without any delay for finding them. */
    public List<ProcessHandle> leaderProcesses() {
        var processes = NodeProcesses.javaOfPod(leader().getMetadata().getUid());
        if (processes.isEmpty()) {
            throw new IllegalStateException("the leader's process was not found on this machine");
        }
        return processes;
    }
}
