package sluice.e2e.cluster;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;

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
        return holder().orElseThrow(
                        () -> new IllegalStateException("nobody leads: the Lease " + NAME + " has no holder"));
    }

    public boolean hasLeader() {
        return holder().isPresent();
    }

    private Optional<String> holder() {
        return Optional.ofNullable(
                        client.leases().inNamespace(NAMESPACE).withName(NAME).get())
                .map(lease -> lease.getSpec().getHolderIdentity())
                .filter(holder -> !holder.isEmpty());
    }

    public Pod leader() {
        var name = leaderName();
        return pods().stream()
                .filter(pod -> name.contains(pod.getMetadata().getName()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no pod is the leader " + name));
    }

    /** Those on their way out included. */
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

    /** How often the containers of the replica of this name, which must be there, were started again. */
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
