package sluice.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.reconcile.Notifier.Trouble;
import sluice.operator.reconcile.TestLoop.Crash;

/** What must hold of what people hear, over random histories of signals, crashes and Slack's own troubles. */
class NotificationInvariantsTest {

    private static final String QUICK = """
            targetRef: {kind: Deployment, name: scholarship-api}
            limiter: {backend: Memory, limits: [{name: all, tokens: 100, per: 1m}]}
            strategy: {observe: 20s, steps: [{weight: 10, hold: 30s}, {weight: 100, hold: 30s}]}
            stopLoss: {rules: [{signal: ErrorRatio, threshold: "0.01", for: 20s}], noData: {rollBackAfter: 30s}}
            notifications: {slack: {channel: '#oncall'}, snapshots: {every: 1m, during: 6h}}
            """;
    private static final Trouble DOWN = new Trouble("SlackFailing", "Slack answered 500");

    /** What signals show. */
    enum Weather {
        FINE,
        ERRORS,
        MISSING
    }

    /** A spell: its weather, how many turns it lasts, how its first turn ends, whether Slack listens, which limiter the resource has. */
    record Spell(Weather weather, int turns, Optional<Crash> crash, boolean listens, int tokens) {}

    @Provide
    Arbitrary<List<Spell>> histories() {
        return Combinators.combine(
                        Arbitraries.frequency(
                                Tuple.of(3, Weather.FINE), Tuple.of(1, Weather.ERRORS), Tuple.of(1, Weather.MISSING)),
                        Arbitraries.integers().between(1, 12),
                        Arbitraries.of(Crash.class).optional(0.5),
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(100, 101))
                .as(Spell::new)
                .list()
                .ofMinSize(1)
                // Fewer rollbacks than may wait: those beyond would be counted, not told.
                .ofMaxSize(8);
    }

    @Property(tries = 25)
    void everyCommittedRollbackIsToldWheneverTheOperatorDies(@ForAll("histories") List<Spell> history) {
        var loop = new TestLoop(QUICK);
        history.forEach(spell -> live(loop, spell, spell.listens()));
        recover(loop);

        assertThat(loop.pending()).isEmpty();
        assertThat(toldRollbacks(loop)).containsExactlyInAnyOrderElementsOf(committedRollbacks(loop));
        assertThat(loop.notifier.lost).noneMatch(lost -> lost.contains("ROLLING BACK"));
    }

    @Property(tries = 25)
    void decisionsAreTheSameWhetherOrNotAnybodyListens(@ForAll("histories") List<Spell> history) {
        assertThat(decisions(history, false)).isEqualTo(decisions(history, true));
    }

    @Property(tries = 25)
    void nothingIsToldThatWasNotCommitted(@ForAll("histories") List<Spell> history) {
        var loop = new TestLoop(QUICK);
        history.forEach(spell -> live(loop, spell, spell.listens()));

        var committed = loop.written.stream()
                .flatMap(status -> Outbox.of(status).pending().stream())
                .map(Notification::id)
                .toList();
        assertThat(committed)
                .containsAll(loop.notifier.told.stream().map(Notification::id).toList());
        assertThat(loop.written).allMatch(status -> Outbox.of(status).pending().size() <= Outbox.MOST);
    }

    /** The last life, in which nothing goes wrong. */
    private static void recover(TestLoop loop) {
        loop.signals.candidateErrors = 0.001;
        loop.signals.missing = false;
        loop.notifier.trouble = Optional.empty();
        loop.restart();
        loop.pass(Duration.ofSeconds(60));
        // What the last turn decided is told, and taken out by the next.
        for (int i = 0; i < 6; i++) {
            loop.turn();
        }
    }

    private static List<String> decisions(List<Spell> history, boolean listens) {
        var loop = new TestLoop(QUICK);
        history.forEach(spell -> live(loop, spell, listens));
        return loop.written.stream()
                .map(status ->
                        "%s %s %s %s".formatted(status.phase(), status.weight(), status.epoch(), status.history()))
                .distinct()
                .toList();
    }

    private static void live(TestLoop loop, Spell spell, boolean listens) {
        loop.signals.candidateErrors = spell.weather() == Weather.ERRORS ? 0.5 : 0.001;
        loop.signals.missing = spell.weather() == Weather.MISSING;
        loop.notifier.trouble = listens ? Optional.empty() : Optional.of(DOWN);
        loop.change(QUICK.replace("tokens: 100", "tokens: " + spell.tokens()));
        for (int i = 0; i < spell.turns(); i++) {
            loop.turn(i == 0 ? spell.crash().orElse(null) : null);
            loop.now = loop.now.plusSeconds(10);
        }
    }

    /** Each by when it was decided. */
    private static Set<String> committedRollbacks(TestLoop loop) {
        var rollbacks = new LinkedHashSet<String>();
        for (var status : loop.written) {
            decidedRollback(status).ifPresent(rollbacks::add);
        }
        return rollbacks;
    }

    private static Optional<String> decidedRollback(RateLimitRolloutStatus status) {
        return Optional.ofNullable(status.lastRollback()).map(rollback -> String.valueOf(rollback.decidedAt()));
    }

    private static Set<String> toldRollbacks(TestLoop loop) {
        var told = new LinkedHashSet<String>();
        for (var notification : loop.notifier.told) {
            if (notification.text().contains("ROLLING BACK")) {
                told.add(StatusText.of(notification.at()));
            }
        }
        return told;
    }
}
