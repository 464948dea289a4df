package sluice.e2e.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Follows the logs of one container in every pod of a namespace through the API server, from each pod's start to its end. */
public final class LogCollector implements AutoCloseable {
    private static final long PAUSE_MILLIS = 200;

    private final KubernetesClient client;
    private final String namespace;
    private final String container;
    private final CollectedLogs logs = new CollectedLogs();
    private final Set<String> followed = ConcurrentHashMap.newKeySet();
    private final SharedIndexInformer<Pod> pods;
    private volatile boolean closed;

    public LogCollector(KubernetesClient client, String namespace, String container) {
        this.client = client;
        this.namespace = namespace;
        this.container = container;
        this.pods = client.pods().inNamespace(namespace).inform(new OnPod());
    }

    public CollectedLogs logs() {
        return logs;
    }

    @Override
    public void close() {
        closed = true;
        pods.close();
    }

    private void onPod(Pod pod) {
        if (hasStarted(pod) && followed.add(pod.getMetadata().getUid())) {
            var name = pod.getMetadata().getName();
            Thread.ofVirtual()
                    .name("logs-of-" + name)
                    .start(() -> follow(name, pod.getMetadata().getUid()));
        }
    }

    private boolean hasStarted(Pod pod) {
        var status = pod.getStatus();
        return Stream.concat(status.getInitContainerStatuses().stream(), status.getContainerStatuses().stream())
                .filter(candidate -> candidate.getName().equals(container))
                .map(ContainerStatus::getState)
                .anyMatch(state -> state.getRunning() != null || state.getTerminated() != null);
    }

    private void follow(String pod, String uid) {
        var once = new ReadOnce();
        boolean last;
        do {
            last = closed || isGone(pod, uid);
            try {
                readToEnd(pod, once);
            } catch (IOException | KubernetesClientException e) {
                // The connection broke, or the container is between two lives: read on from where we are.
            }
            pause();
        } while (!last);
    }

    private boolean isGone(String name, String uid) {
        try {
            var pod = client.pods().inNamespace(namespace).withName(name).get();
            return pod == null || !pod.getMetadata().getUid().equals(uid);
        } catch (KubernetesClientException e) {
            return false;
        }
    }

    private void readToEnd(String pod, ReadOnce once) throws IOException {
        try (LogWatch watch = watch(pod, once.last());
                var lines = new BufferedReader(new InputStreamReader(watch.getOutput(), UTF_8))) {
            for (var line = lines.readLine(); line != null && !closed; line = lines.readLine()) {
                accept(pod, line, once);
            }
        }
    }

    private LogWatch watch(String pod, Instant since) {
        var resource = client.pods()
                .inNamespace(namespace)
                .withName(pod)
                .inContainer(container)
                .usingTimestamps();
        return since.equals(Instant.MIN)
                ? resource.watchLog()
                : resource.sinceTime(since.toString()).watchLog();
    }

    /** A line of the API: the time the runtime wrote it, a space, and what the container wrote. */
    private void accept(String pod, String line, ReadOnce once) {
        int space = line.indexOf(' ');
        if (space < 0) {
            return;
        }
        try {
            var written = Instant.parse(line.substring(0, space));
            var text = line.substring(space + 1);
            if (once.accepts(written, text)) {
                logs.add(pod, LogParser.parse(written, text));
            }
        } catch (DateTimeException e) {
            // A line that was cut when the connection broke; it comes again.
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class OnPod implements ResourceEventHandler<Pod> {
        @Override
        public void onAdd(Pod pod) {
            onPod(pod);
        }

        @Override
        public void onUpdate(Pod before, Pod pod) {
            onPod(pod);
        }

        @Override
        public void onDelete(Pod pod, boolean finalStateUnknown) {}
    }
}
