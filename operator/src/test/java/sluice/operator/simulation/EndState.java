package sluice.operator.simulation;

import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import sluice.operator.api.v1alpha1.HistoryStatus;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.reconcile.BootstrapConfigMap;

/**
 * Where a run ended: everything that a user or a caller could tell it by. Times and epochs, which faults may shift, are not in it, nor
 * are attempts that were given up because data were missing: faults may cause more of those.
 *
 * @param conditions type, status and reason of those that say how it ended
 * @param census what status says of sidecars
 * @param history outcomes with reasons, newest first
 * @param hooks those of the place where it ended, with their outcomes
 * @param sidecars what each does, by revision and weight
 * @param agree whether ConfigMap and every sidecar are at the committed epoch
 */
record EndState(
        String phase,
        int weight,
        String stable,
        String candidate,
        String rollback,
        List<String> conditions,
        String census,
        List<String> orders,
        List<String> history,
        List<String> hooks,
        boolean labelled,
        boolean bootstrap,
        List<String> sidecars,
        boolean agree) {

    private static final List<String> TOLD =
            List.of("Ready", "Reconciling", "Stalled", "Progressing", "SidecarsInSync", "HooksSucceeded");

    static EndState of(World world) {
        var now = world.api.now();
        var labelled = Workload.label(now.target()) != null;
        var sidecars = world.workload.sidecars().stream()
                .map(EndState::sidecar)
                .sorted()
                .toList();
        var status = now.rollout().map(rollout -> rollout.getStatus());
        if (status.isEmpty()) {
            return new EndState(
                    "",
                    0,
                    "",
                    "",
                    "",
                    List.of(),
                    "",
                    List.of(),
                    List.of(),
                    List.of(),
                    labelled,
                    now.bootstrap().isPresent(),
                    sidecars,
                    true);
        }
        var last = status.get();
        return new EndState(
                String.valueOf(last.phase()),
                Optional.ofNullable(last.weight()).orElse(-1),
                Invariants.revision(last.stable()),
                Invariants.revision(last.candidate()),
                rollback(last),
                conditions(last),
                String.valueOf(last.sidecars()),
                Optional.ofNullable(last.orders()).orElse(List.of()),
                history(last),
                hooks(last),
                labelled,
                now.bootstrap().isPresent(),
                sidecars,
                agree(world, last));
    }

    private static String sidecar(Sidecar sidecar) {
        var config = sidecar.core().config();
        return "%s/%s at %d%s%s"
                .formatted(
                        config.stable().revision(),
                        config.candidate().map(limiter -> limiter.revision()).orElse("-"),
                        config.weight(),
                        config.maintenance().isPresent() ? ", closed" : "",
                        sidecar.isConnected() ? "" : ", not connected");
    }

    private static String rollback(RateLimitRolloutStatus status) {
        return status.phase() != null && status.phase().equals("RolledBack")
                ? Optional.ofNullable(status.lastRollback())
                        .map(rollback -> rollback.revision() + " " + rollback.reason())
                        .orElse("")
                : "";
    }

    private static List<String> conditions(RateLimitRolloutStatus status) {
        var told = new TreeMap<String, String>();
        for (Condition condition : Optional.ofNullable(status.conditions()).orElse(List.of())) {
            if (TOLD.contains(condition.getType())) {
                told.put(condition.getType(), condition.getStatus() + " " + condition.getReason());
            }
        }
        return told.entrySet().stream().map(Object::toString).toList();
    }

    private static List<String> history(RateLimitRolloutStatus status) {
        return Optional.ofNullable(status.history()).orElse(List.<HistoryStatus>of()).stream()
                .filter(entry -> !"NoData".equals(entry.reason()))
                .map(entry -> entry.revision() + " " + entry.outcome() + " " + entry.reason())
                .toList();
    }

    private static List<String> hooks(RateLimitRolloutStatus status) {
        return HookInvariants.hooks(status).stream()
                .map(hook -> hook.name() + " " + hook.outcome())
                .toList();
    }

    /** Whether all agree, and nothing is still to be heard of a hook. */
    boolean isAtRest() {
        return agree && hooks.stream().noneMatch(hook -> hook.endsWith(" Due") || hook.endsWith(" Running"));
    }

    private static boolean agree(World world, RateLimitRolloutStatus status) {
        var epoch = Optional.ofNullable(status.epoch()).orElse(0L);
        return world.workload.sidecars().stream()
                        .allMatch(sidecar -> sidecar.core().config().epoch() == epoch)
                && world.api
                        .now()
                        .bootstrap()
                        .filter(map -> BootstrapConfigMap.epoch(map) == epoch)
                        .isPresent();
    }
}
