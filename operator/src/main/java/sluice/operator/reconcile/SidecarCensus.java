package sluice.operator.reconcile;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sluice.operator.admission.InjectionLabel;
import sluice.operator.control.Ack;
import sluice.operator.control.Acks;
import sluice.operator.rollout.Sidecars;

/**
 * The target's pods, looked at one by one.
 *
 * @param sidecars the counts that decisions go by
 * @param withoutSidecar names of pods that ask for a sidecar and have none
 * @param stuck names of pods that are not as the target's template wants them any more, and not ready
 * @param refusals why sidecars did not apply the epoch, by pod
 * @param mayExpose whether a sidecar that has not applied the epoch is connected or refuses it, so that its lease goes on
 * @param podUids every pod of the rollout that is not gone, terminating ones included
 * @param lastAckAt when the last of the pods acknowledged the epoch
 * @param failures what the pods' logs said of failures when they acknowledged the epoch, one list a pod
 * @param readySince for every ready pod with a sidecar, whatever its label, since when
 * @param images what the sidecars run
 */
record SidecarCensus(
        Sidecars sidecars,
        List<String> withoutSidecar,
        List<String> stuck,
        List<String> refusals,
        boolean mayExpose,
        Set<String> podUids,
        Optional<Instant> lastAckAt,
        List<List<String>> failures,
        List<Instant> readySince,
        Set<String> images) {

    private static final String SIDECAR = "sluice-limiter";
    private static final int MOST_WITH_FAILURES = 10;

    /** Whether the pod has our sidecar. */
    static boolean isInjected(Pod pod) {
        return sidecar(pod).findAny().isPresent();
    }

    /**
     * Counts.
     *
     * @param label when present, only pods with exactly this value count as injected: those with another are still to be replaced
     */
    static SidecarCensus of(
            List<Pod> pods,
            Optional<Target> target,
            Optional<String> label,
            long epoch,
            Set<String> connected,
            Acks acks) {
        var running = pods.stream().filter(SidecarCensus::isRunning).toList();
        var injected = running.stream()
                .filter(SidecarCensus::isInjected)
                .filter(pod -> label.isEmpty() || label.get().equals(label(pod)))
                .toList();
        // The informer may be late: what is missing from the count must not read as being back.
        var seen = pods.stream()
                .filter(pod -> isRunning(pod) || isTerminating(pod))
                .map(SidecarCensus::uid)
                .collect(Collectors.toSet());
        var heard = connected.stream().filter(uid -> !seen.contains(uid)).toList();
        var awaited =
                heard.stream().filter(uid -> !hasApplied(uid, epoch, acks)).toList();
        var known = Stream.concat(injected.stream().map(SidecarCensus::uid), heard.stream())
                .toList();
        var applied = known.stream()
                .filter(uid -> hasApplied(uid, epoch, acks))
                .flatMap(uid -> acks.of(uid).stream())
                .toList();
        var refusals = refusals(known, pods, epoch, acks);
        return new SidecarCensus(
                new Sidecars(
                        target.map(SidecarCensus::desired).orElse(0),
                        injected.size() + awaited.size(),
                        count(injected, pod -> connected.contains(uid(pod))) + awaited.size(),
                        count(injected, pod -> hasApplied(uid(pod), epoch, acks))),
                names(running, pod -> !isInjected(pod)),
                names(pods, pod -> isStuck(pod, target.flatMap(TargetLabel::of))),
                refusals,
                !refusals.isEmpty()
                        || known.stream().anyMatch(uid -> connected.contains(uid) && !hasApplied(uid, epoch, acks)),
                pods.stream().map(SidecarCensus::uid).collect(Collectors.toSet()),
                applied.stream().map(Ack::at).max(Instant::compareTo),
                applied.stream()
                        .map(Ack::failures)
                        .filter(failures -> !failures.isEmpty())
                        .limit(MOST_WITH_FAILURES)
                        .toList(),
                running.stream()
                        .filter(SidecarCensus::isInjected)
                        .flatMap(SidecarCensus::readySince)
                        .toList(),
                running.stream()
                        .flatMap(SidecarCensus::sidecar)
                        .map(Container::getImage)
                        .filter(Objects::nonNull)
                        .collect(Collectors.toSet()));
    }

    private static Stream<Container> sidecar(Pod pod) {
        return pod.getSpec().getInitContainers().stream()
                .filter(container -> container.getName().equals(SIDECAR));
    }

    private static Stream<Instant> readySince(Pod pod) {
        return Stream.ofNullable(pod.getStatus())
                .flatMap(status -> status.getConditions().stream())
                .filter(condition -> "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()))
                .map(condition -> Optional.ofNullable(condition.getLastTransitionTime())
                        .map(Instant::parse)
                        .orElse(Instant.EPOCH));
    }

    /** While old pods are being replaced there are more than the target wants, and they count. */
    private static int desired(Target target) {
        return Math.max(target.wanted(), target.present());
    }

    private static boolean isStuck(Pod pod, Optional<String> wanted) {
        return !isTerminating(pod)
                && !wanted.equals(Optional.of(label(pod)))
                && readySince(pod).findAny().isEmpty();
    }

    private static boolean isTerminating(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() != null;
    }

    private static boolean isRunning(Pod pod) {
        return !isTerminating(pod)
                && pod.getStatus() != null
                && "Running".equals(pod.getStatus().getPhase());
    }

    private static boolean hasApplied(String uid, long epoch, Acks acks) {
        return acks.of(uid).filter(ack -> ack.epoch() == epoch && ack.applied()).isPresent();
    }

    private static List<String> refusals(List<String> uids, List<Pod> pods, long epoch, Acks acks) {
        var refusals = new ArrayList<String>();
        for (var uid : uids) {
            acks.of(uid)
                    .filter(ack -> ack.epoch() == epoch && !ack.applied())
                    .ifPresent(ack -> refusals.add(name(uid, pods) + ": " + ack.reason()));
        }
        return List.copyOf(refusals);
    }

    /** A pod that is not listed yet is called by its UID. */
    private static String name(String uid, List<Pod> pods) {
        return pods.stream()
                .filter(pod -> uid(pod).equals(uid))
                .map(pod -> pod.getMetadata().getName())
                .findFirst()
                .orElse(uid);
    }

    private static int count(List<Pod> pods, Predicate<Pod> which) {
        return (int) pods.stream().filter(which).count();
    }

    private static List<String> names(List<Pod> pods, Predicate<Pod> which) {
        return pods.stream()
                .filter(which)
                .map(pod -> pod.getMetadata().getName())
                .sorted()
                .toList();
    }

    private static String label(Pod pod) {
        return pod.getMetadata().getLabels().getOrDefault(InjectionLabel.key(), "");
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }
}
