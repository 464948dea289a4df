package sluice.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sluice.operator.api.v1alpha1.MarginStatus;
import sluice.operator.api.v1alpha1.SnapshotStatus;

/** What people hear of a rollout. */
class NotificationsTest {

    private static final String ME = "apps/scholarship-api: ";

    private TestLoop loop = new TestLoop(TestLoop.TOLD);

    @Test
    void tellsOfTheStartEveryStepAndThePromotion() {
        loop.passUntil("Promoted");
        loop.turn();

        assertThat(loop.notifier.headlines())
                .containsExactly(
                        ME + "started",
                        ME + "weight 10, step 1 of 2",
                        ME + "weight 100, step 2 of 2",
                        ME + "promoted; everyone has the new limiter");
        assertThat(loop.notifier.texts().get(1))
                .contains("for at least 2m, with the stop-loss armed")
                .contains(
                        "To stop it: kubectl annotate -n apps rlr scholarship-api --overwrite \"sluice.dev/command=abort@"
                                + revision() + "/$(date +%s)\"");
        assertThat(loop.pending()).isEmpty();
    }

    @Test
    void tellsOfARollbackByValueAndThresholdAndWhatToType() {
        rolledBack();

        assertThat(loop.notifier.texts().get(2))
                .startsWith(ME + "ROLLING BACK from weight 10 to 0\n")
                .contains("\nReport: https://reports.example/apps/scholarship-api/" + revision() + "?from=slack\n")
                .contains("ErrorRatio (candidate) was 0.5, at or over 0.01 for 60 s")
                .contains("Last samples: 0.5 0.5 0.5")
                .contains(
                        "Revision " + revision() + " had changed of off:\n- backend: \"Off\" -> \"Memory\"\n",
                        "- limits[all].tokens: (absent) -> 100")
                .contains("kubectl rlr report -n apps --rollout scholarship-api --out scholarship-api-report")
                .contains("kubectl describe -n apps rlr scholarship-api");
        assertThat(loop.notifier.texts().get(3))
                .startsWith(ME + "rolled back from weight 10 to 0\n")
                .contains("\nReport: https://reports.example/apps/scholarship-api/" + revision() + "?from=slack\n")
                .contains("Acknowledged; ErrorRatio (candidate) was 0.5, at or over 0.01 for 60 s")
                .contains("To try it again: kubectl annotate")
                .contains("retry@" + revision());
        assertThat(loop.notifier.texts()).hasSize(4);
    }

    @Test
    void showsOfARollbackTheLogTheDifferenceAndTheLink() {
        loop.failures = Map.of(
                "a", List.of("a 503 /api", "a 401 /login", "a 429 /api", "a 500 /api"),
                "b", List.of("b 503 /api", "b 401 <!channel>"));
        rolledBack();

        assertThat(loop.notifier.texts().get(2)).contains("\nLines of the log follow once every sidecar is back.\n");
        assertThat(loop.notifier.texts().get(3))
                .startsWith(ME + "rolled back from weight 10 to 0\n")
                .contains("\nReport: https://reports.example/apps/scholarship-api/" + revision() + "?from=slack\n")
                .contains(
                        "\nFrom the log, of the last failures:\n- a 503 /api\n- b 401 <!channel>\n- a 401 /login\nRevision "
                                + revision() + " had changed of off:\n- backend: \"Off\" -> \"Memory\"\n")
                .contains("- limits[all].tokens: (absent) -> 100")
                .doesNotContain("a 429");
    }

    @Test
    void theLongestLogLeavesRoomForEverythingElse() {
        var longest = "x".repeat(240);
        loop.failures = Map.of("a", List.of(longest, longest, longest));
        rolledBack();

        assertThat(loop.notifier.texts().get(3))
                .hasSizeLessThanOrEqualTo(NotificationText.LONGEST)
                .contains("\nReport: https://", "\n- " + longest + "\n", "had changed of off", "To try it again")
                .endsWith("scholarship-api-report");
    }

    @Test
    void saysWhenNoSidecarHadSentALineOfTheLog() {
        rolledBack();

        assertThat(loop.notifier.texts().get(3))
                .contains("\nOf failures in the log: no sidecar had sent a line.\nRevision " + revision());
    }

    @Test
    void keepsTheLogOutOfEveryMessageButThatOfARollback() {
        loop.failures = Map.of("a", List.of("a 503 /api"));
        loop.passUntil("Promoted");
        loop.turn();

        assertThat(loop.notifier.texts()).hasSize(4).noneMatch(text -> text.contains("503"));
        assertThat(loop.written)
                .noneMatch(status -> Serialization.asJson(status).contains("503"));
    }

    @Test
    void aValueThatOnlyACallersServicesKnowStaysOutOfTheChannel() {
        loop = new TestLoop(
                TestLoop.TOLD.replace("tokens: 100,", "tokens: 100, match: {headers: {X-Internal: between-us}},"));
        rolledBack();

        assertThat(loop.notifier.texts())
                .anyMatch(text -> text.contains("had changed of off"))
                .noneMatch(text -> text.contains("between-us"));
    }

    @Test
    void saysOfARollbackForMissingDataThatItStartsOver() {
        loop = new TestLoop(TestLoop.TOLD.replace("rollBackAfter: 1m", "rollBackAfter: 90s"));
        loop.passUntil("Progressing");
        loop.signals.missing = true;
        loop.passUntil("RolledBack");
        loop.signals.missing = false;
        loop.passUntil("Progressing");

        assertThat(loop.notifier.headlines())
                .containsSubsequence(
                        ME + "holds at weight 10: NoData",
                        ME + "ROLLING BACK from weight 10 to 0",
                        ME + "rolled back from weight 10 to 0",
                        ME + "starts over",
                        ME + "weight 10, step 1 of 2");
        assertThat(loop.notifier.texts())
                .anyMatch(text -> text.contains("it starts over by itself when data are back"));
    }

    @Test
    void saysNothingOfAHoldThatPasses() {
        loop = new TestLoop(TestLoop.TOLD.replace("{weight: 10, hold: 2m}", "{weight: 10, hold: 2h}"));
        loop.passUntil("Progressing");
        for (int i = 0; i < 5; i++) {
            goBlindFor(Duration.ofSeconds(40));
        }

        assertThat(loop.notifier.headlines()).containsExactly(ME + "started", ME + "weight 10, step 1 of 2");
    }

    @Test
    void saysOnceWhyItHoldsWhenThatLasts() {
        loop = new TestLoop(TestLoop.TOLD
                .replace("{weight: 10, hold: 2m}", "{weight: 10, hold: 2h}")
                .replace("rollBackAfter: 1m", "rollBackAfter: 5m"));
        loop.passUntil("Progressing");
        for (int i = 0; i < 3; i++) {
            goBlindFor(Duration.ofSeconds(100));
            loop.restart();
        }

        assertThat(loop.notifier.headlines())
                .containsExactly(ME + "started", ME + "weight 10, step 1 of 2", ME + "holds at weight 10: NoData");
        assertThat(last())
                .contains("ErrorRatio (candidate): Prometheus does not answer")
                .contains("kubectl describe -n apps rlr");
    }

    @Test
    void saysOnceADayThatItStillHolds() {
        loop.world.deployment = null;
        for (int i = 0; i < 50; i++) {
            loop.turn();
            loop.turn();
            loop.restart();
            loop.now = loop.now.plus(Duration.ofHours(1));
        }

        assertThat(loop.notifier.headlines())
                .containsExactly(
                        ME + "holds at weight 0: TargetNotFound",
                        ME + "still holds at weight 0: TargetNotFound",
                        ME + "still holds at weight 0: TargetNotFound");
        assertThat(loop.world.reasons()).containsExactly("TargetNotFound", "TargetNotFound", "TargetNotFound");
    }

    private void goBlindFor(Duration time) {
        loop.signals.missing = true;
        loop.pass(time);
        loop.signals.missing = false;
        loop.pass(Duration.ofSeconds(20));
    }

    @Test
    void asksForAnApprovalAtOnce() {
        loop = new TestLoop(
                TestLoop.TOLD.replace("{weight: 10, hold: 2m}", "{weight: 10, hold: 2m, approval: Manual}"));
        loop.passUntil("Paused");

        assertThat(last())
                .startsWith(ME + "holds at weight 10: AwaitingApproval\n")
                .contains("To approve it: kubectl annotate")
                .contains("promote@" + revision());
    }

    @Test
    void tellsWhatBecameOfACommand() {
        loop.passUntil("Progressing");
        loop.say("pause@" + revision() + "/1\n<!channel>");
        loop.turn();
        loop.turn();

        assertThat(last()).isEqualTo(ME + "command done\npause@" + revision() + "/1 <!channel>: " + answer());
        loop.say("dance");
        loop.turn();
        loop.turn();
        assertThat(last()).startsWith(ME + "command malformed\ndance: use <verb>@<revision>");
    }

    @Test
    void tellsOfMaintenance() {
        loop.passUntil("Progressing");
        loop.change(TestLoop.TOLD + "maintenance: {enabled: true, retryAfter: 90s}\n");
        loop.turn();
        loop.turn();
        assertThat(last())
                .startsWith(ME + "closed for maintenance\n")
                .contains("503")
                .contains("1m30s");

        loop.change(TestLoop.TOLD);
        loop.turn();
        loop.turn();
        assertThat(last()).startsWith(ME + "open again");
    }

    @Test
    void tellsOnceOfAResourceThatCannotBeWorkedWith() {
        loop.passUntil("Progressing");
        loop.change(TestLoop.TOLD.replace("for: 1m", "for: 1y"));
        loop.turn();
        loop.turn();
        loop.restart();
        loop.turn();

        assertThat(loop.notifier.headlines()).containsOnlyOnce(ME + "the resource cannot be worked with");
        assertThat(last()).contains("spec.stopLoss.rules[0]").contains("1y");

        loop.change(TestLoop.TOLD.replace("for: 1m", "for: 2y"));
        loop.turn();
        assertThat(last()).contains("2y");
    }

    @Test
    void tellsNobodyWhenNobodyAsked() {
        loop = new TestLoop(TestLoop.SPEC);
        rolledBack();

        assertThat(loop.notifier.told).isEmpty();
        assertThat(loop.status().pendingNotifications()).isNull();
        assertThat(loop.status().notified()).isNull();
        assertThat(loop.condition(DeliveryCondition.TYPE)).isEmpty();
    }

    @Test
    void settingsThatCannotBeReadKeepNothingFromGoingBackAndLoseNothing() {
        loop.notifier.trouble = Optional.of(new Notifier.Trouble("SlackFailing", "Slack answered 500"));
        loop.passUntil("Progressing");
        loop.change(TestLoop.SPEC + "notifications: {slack: {channel: '#oncall'}, snapshots: {every: 1y}}\n");
        rolledBack();

        assertThat(loop.condition(DeliveryCondition.TYPE)).hasValueSatisfying(condition -> {
            assertThat(condition.getReason()).isEqualTo("InvalidSettings");
            assertThat(condition.getMessage()).startsWith("spec.notifications.snapshots.every: '1y' is not a duration");
        });
        assertThat(loop.pending()).hasSize(2);
    }

    @Test
    void reportsEveryHourForSixHoursWhetherOrNotItDies() {
        loop = new TestLoop(TestLoop.SPEC
                        .replace("{weight: 100, hold: 2m}", "{weight: 100, hold: 3h}")
                        .replace("backend: Memory", "backend: Redis, redis: {secretRef: {name: redis}}")
                + "notifications: {slack: {channel: '#oncall'}, snapshots: {}}\n");
        for (int i = 0; i < 8 * 6; i++) {
            // One of the two sidecars has lost its Redis when the third snapshot is due; of the last nothing is known.
            loop.signals.fallback = switch (snapshots().size()) {
                case 2 -> OptionalInt.of(1);
                case 5 -> OptionalInt.empty();
                default -> OptionalInt.of(0);
            };
            loop.pass(Duration.ofMinutes(10));
            loop.restart();
        }

        var snapshots = snapshots();
        assertThat(snapshots).hasSize(6);
        assertThat(snapshots.getFirst())
                .startsWith(ME + "Baking at weight 100, step 2/2, next in 2h")
                .contains("ErrorRatio (candidate) 0.001 of 0.01")
                .contains("ErrorRatio (service) 0.001 of 0.01");
        assertThat(snapshots.getLast()).startsWith(ME + "Promoted at weight 100\n");
        assertThat(snapshots)
                .allMatch(
                        text -> text.contains(
                                "5xx 0.1%, P50 20 ms, P95 80 ms, P99 250 ms, auth failures 0.1%, throttled ?, 100 requests/s, backend Redis"));
        assertThat(snapshots.stream().map(NotificationsTest::backend))
                .containsExactly(
                        "Redis",
                        "Redis",
                        "Redis (1 of 2 sidecars in fallback)",
                        "Redis",
                        "Redis",
                        "Redis (? of 2 sidecars in fallback)");
        keptTheirFigures();
    }

    private List<String> snapshots() {
        return loop.notifier.told.stream()
                .filter(each -> each.kind() == Notification.Kind.SNAPSHOT)
                .map(Notification::text)
                .toList();
    }

    private static String backend(String snapshot) {
        return snapshot.replaceFirst("(?s).*, backend ([^\n]*).*", "$1");
    }

    private void keptTheirFigures() {
        var kept = Optional.ofNullable(loop.status().snapshots()).orElse(List.of());
        assertThat(kept).hasSize(6);
        assertThat(kept.getLast()).satisfies(first -> {
            assertThat(first.phase()).isEqualTo("Baking");
            assertThat(first.weight()).isEqualTo(100);
            assertThat(first.revision()).isEqualTo(revision());
            assertThat(first.backend()).isEqualTo("Redis");
            assertThat(first.sidecars()).isEqualTo(2);
            assertThat(List.of(
                            String.valueOf(first.requests()),
                            String.valueOf(first.errorRatio()),
                            String.valueOf(first.latencyP50()),
                            String.valueOf(first.latencyP95()),
                            String.valueOf(first.latencyP99()),
                            String.valueOf(first.authFailures())))
                    .containsExactly("100", "0.001", "0.02", "0.08", "0.25", "0.001");
            assertThat(first.throttledRatio()).isNull();
            assertThat(first.margins()).contains(new MarginStatus("ErrorRatio", "candidate", "0.001", "0.01", "90%"));
        });
        assertThat(kept).extracting(SnapshotStatus::fallback).containsExactly(null, 0, 0, 1, 0, 0);
        assertThat(kept).extracting(SnapshotStatus::at).doesNotHaveDuplicates();
        assertThat(kept.getFirst().phase()).isEqualTo("Promoted");
    }

    @Test
    void keepsTwelveSnapshotsAndNoneWhereNobodyAsked() {
        loop = new TestLoop(
                TestLoop.SPEC + "notifications: {slack: {channel: '#oncall'}, snapshots: {every: 1m, during: 1h}}\n");
        loop.pass(Duration.ofMinutes(20));
        assertThat(loop.status().snapshots()).hasSize(SnapshotRecord.MOST);

        loop = new TestLoop(TestLoop.TOLD);
        loop.pass(Duration.ofMinutes(20));
        assertThat(loop.status().snapshots()).isNull();
    }

    @Test
    void aSnapshotThatNothingCouldBeReadForSaysSo() {
        loop = new TestLoop(TestLoop.SPEC.replace("rollBackAfter: 1m", "rollBackAfter: 2h")
                + "notifications: {slack: {channel: '#oncall'}, snapshots: {every: 3m, during: 1h}}\n");
        loop.passUntil("Progressing");
        loop.signals.missing = true;
        loop.pass(Duration.ofMinutes(4));

        assertThat(loop.status().snapshots())
                .hasSizeGreaterThanOrEqualTo(1)
                .first()
                .satisfies(blind -> {
                    assertThat(blind.errorRatio()).isNull();
                    assertThat(blind.latencyP99()).isNull();
                });
        assertThat(loop.notifier.texts()).anyMatch(text -> text.contains("5xx ?, P50 ?"));
    }

    @Test
    void aRollbackEndsTheReports() {
        loop = new TestLoop(
                TestLoop.SPEC + "notifications: {slack: {channel: '#oncall'}, snapshots: {every: 1m, during: 6h}}\n");
        rolledBack();
        var told = loop.notifier.told.size();
        loop.pass(Duration.ofMinutes(20));

        assertThat(loop.notifier.told).hasSize(told);
    }

    private void rolledBack() {
        loop.passUntil("Progressing");
        loop.pass(Duration.ofSeconds(70));
        loop.signals.candidateErrors = 0.5;
        loop.passUntil("RolledBack");
        loop.turn();
        assertThat(loop.phase()).isEqualTo("RolledBack");
    }

    private String last() {
        return loop.notifier.texts().getLast();
    }

    private String answer() {
        return String.valueOf(
                Optional.ofNullable(loop.status().lastCommand()).orElseThrow().message());
    }

    private String revision() {
        return loop.written.stream()
                .flatMap(status -> Stream.ofNullable(status.candidate()))
                .map(candidate -> String.valueOf(candidate.revision()))
                .toList()
                .getLast();
    }
}
