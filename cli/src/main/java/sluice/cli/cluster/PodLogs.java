package sluice.cli.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ContainerResource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import sluice.operator.control.RolloutKey;
import sluice.operator.reconcile.HookJob;
import sluice.operator.reconcile.TargetLabel;

/** What pods have printed, as far as the API server still has it. */
public final class PodLogs {
    /** So many lines are read of a hook, the newest ones: what it failed of is at the end. */
    public static final int HOOK_LINES = 200;

    private static final int MOST_PODS = 5;
    /** A kubelet keeps 10 MiB of a container in one file, and answers with that file. */
    private static final int MOST_BYTES = 64 << 20;

    /** A stream has no end in time of its own: a node that is lost in the middle of one would hold the report up for ever. */
    private static final int MOST_SECONDS = 60;

    private static final int HOOK_BYTES = 2 << 20;
    private static final String SIDECAR = "sluice-limiter";
    private static final String OPERATOR = "operator";
    private static final Comparator<Pod> BY_NAME =
            Comparator.comparing(pod -> pod.getMetadata().getName());
    private static final Comparator<Pod> NEWEST_FIRST = Comparator.<Pod, String>comparing(
                    pod -> Objects.requireNonNullElse(pod.getMetadata().getCreationTimestamp(), ""),
                    Comparator.reverseOrder())
            .thenComparing(BY_NAME);
    private static final Map<String, String> OPERATORS =
            Map.of("app.kubernetes.io/name", "sluice", "app.kubernetes.io/component", "operator");

    private final KubernetesClient client;

    PodLogs(KubernetesClient client) {
        this.client = client;
    }

    /**
     * What one pod has printed.
     *
     * @param lines those that were chosen; of a hook the newest, 2 MiB at most
     * @param cut whether there was more than the 64 MiB that are read from a time on; of a hook more than was kept
     */
    public record Printed(String pod, List<String> lines, boolean cut) {}

    /**
     * What there is of several pods.
     *
     * @param printed by pod, at most five; of hooks the newest
     * @param missing why there is nothing of a pod, or of all; without any address
     */
    public record Found(List<Printed> printed, List<String> missing) {}

    /** Reads a log line by line, as far as it wants, and says what is to be kept of it. */
    @FunctionalInterface
    public interface Choice {
        Stream<String> of(Stream<String> lines);
    }

    /** The sidecars of a rollout, from a time on. */
    public Found sidecars(String namespace, String rollout, Instant since, Choice choice) {
        RolloutKey key = new RolloutKey(namespace, rollout);
        return read(
                namespace,
                Map.of(),
                pod -> TargetLabel.rollout(pod).filter(key::equals).isPresent(),
                SIDECAR,
                (pod, log) -> first(pod, log, since, choice));
    }

    /** What pods of a rollout's hooks have printed that failed, from a time on; nothing is missing where none has. */
    public Found failedHooks(String namespace, String rollout, Instant since) {
        Map<String, String> labels = Map.of(HookJob.ROLLOUT, rollout);
        return read(
                namespace,
                labels,
                pod -> Objects.requireNonNullElse(pod.getMetadata().getLabels(), Map.<String, String>of())
                                .entrySet()
                                .containsAll(labels.entrySet())
                        && "Failed".equals(pod.getStatus().getPhase()),
                HookJob.CONTAINER,
                (pod, log) -> newest(pod, log, since));
    }

    /** The operator, from a time on. */
    public Found operator(String namespace, Instant since, Choice choice) {
        return read(namespace, OPERATORS, _ -> true, OPERATOR, (pod, log) -> first(pod, log, since, choice));
    }

    /** Reads the log of a pod's container. */
    @FunctionalInterface
    private interface Reader {
        Printed read(String pod, ContainerResource log);
    }

    private Found read(
            String namespace, Map<String, String> labels, Predicate<Pod> meant, String container, Reader reader) {
        List<Printed> printed = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        try {
            List<Pod> pods = client.pods().inNamespace(namespace).withLabels(labels).list().getItems().stream()
                    .filter(meant)
                    // Of a hook that was tried again and again, the last try has decided.
                    .sorted(HookJob.CONTAINER.equals(container) ? NEWEST_FIRST : BY_NAME)
                    .toList();
            if (pods.isEmpty() && !HookJob.CONTAINER.equals(container)) {
                missing.add("no such pod runs in namespace " + namespace);
            }
            pods.stream().limit(MOST_PODS).forEach(pod -> {
                String name = pod.getMetadata().getName();
                read(namespace, name, container, reader)
                        .ifPresentOrElse(printed::add, () -> missing.add("the log of pod " + name + " cannot be read"));
            });
            if (pods.size() > MOST_PODS) {
                missing.add("%d more pods were not asked".formatted(pods.size() - MOST_PODS));
            }
        } catch (KubernetesClientException e) {
            missing.add("the pods of namespace %s cannot be listed%s".formatted(namespace, code(e)));
        }
        return new Found(printed, missing);
    }

    private Optional<Printed> read(String namespace, String pod, String container, Reader reader) {
        ContainerResource log = client.pods()
                .inNamespace(namespace)
                .withName(pod)
                .inContainer(container)
                .withReadyWaitTimeout(0);
        try {
            return Optional.of(CompletableFuture.supplyAsync(() -> reader.read(pod, log), Thread::startVirtualThread)
                    .orTimeout(MOST_SECONDS, TimeUnit.SECONDS)
                    .join());
        } catch (CompletionException e) {
            return switch (e.getCause()) {
                case KubernetesClientException _, UncheckedIOException _, TimeoutException _ -> Optional.empty();
                case null, default -> throw e;
            };
        }
    }

    /** As a stream: of what a busy sidecar prints in minutes, little is kept. */
    private static Printed first(String pod, ContainerResource log, Instant since, Choice choice) {
        long[] read = {0};
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                log.limitBytes(MOST_BYTES).sinceTime(seconds(since)).getLogInputStream(), StandardCharsets.UTF_8))) {
            List<String> chosen = choice.of(lines.lines().peek(line -> read[0] += bytes(line) + 1))
                    .toList();
            // A character that was torn has become one of three bytes, which are not fewer than there were.
            return new Printed(pod, chosen, read[0] >= MOST_BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With a bound on bytes the API server would keep the beginning of the newest lines; what a hook failed of is at their end. */
    private static Printed newest(String pod, ContainerResource log, Instant since) {
        List<String> lines =
                lines(log.sinceTime(seconds(since)).tailingLines(HOOK_LINES).getLog());
        int begin = lines.size();
        int left = HOOK_BYTES;
        while (begin > 0 && bytes(lines.get(begin - 1)) <= left) {
            begin--;
            left -= bytes(lines.get(begin));
        }
        return new Printed(pod, lines.subList(begin, lines.size()), begin > 0);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static List<String> lines(String text) {
        return Stream.of(text.split("\n")).filter(line -> !line.isBlank()).toList();
    }

    private static String seconds(Instant since) {
        return since.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String code(KubernetesClientException problem) {
        return problem.getCode() > 0 ? ": the API server answered " + problem.getCode() : "";
    }
}
