package sluice.e2e.cluster;

import io.fabric8.kubernetes.api.model.ContainerStatus;
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

    /** Kills the leader with SIGKILL and deletes its pod, so that nobody of its name comes back to its lease. */
    public void killLeaderForGood() {
        var leader = leader();
        NodeProcesses.kill(NodeProcesses.javaOfPod(leader.getMetadata().getUid()));
        client.pods().resource(leader).withGracePeriod(0).delete();
    }

    /** How often the containers of the replica of this name were started again. */
    public int restarts(String pod) {
        return client.pods().inNamespace(NAMESPACE).withName(pod).get().getStatus().getContainerStatuses().stream()
                .mapToInt(ContainerStatus::getRestartCount)
                .sum();
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
