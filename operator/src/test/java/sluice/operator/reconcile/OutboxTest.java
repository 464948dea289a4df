package sluice.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sluice.operator.api.v1alpha1.PendingNotification;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.reconcile.Notification.Kind;

class OutboxTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Property(tries = 300)
    void isBoundedAndForgetsNothingInSilence(@ForAll @Size(max = 60) List<Kind> kinds) {
        var outbox = Outbox.of(null);
        IntStream.range(0, kinds.size()).forEach(i -> outbox.add(notification(kinds.get(i), i)));

        var pending = outbox.pending();
        var lost = outbox.lost().stream().map(Outbox.Lost::notification).toList();
        assertThat(pending)
                .hasSizeLessThanOrEqualTo(Outbox.MOST)
                .isSortedAccordingTo(Comparator.comparing(Notification::at));
        assertThat(pending.stream().mapToInt(Notification::leftOut).sum()).isEqualTo(lost.size());
        var replaced =
                count(kinds, Kind.SNAPSHOT) - count(kinds(pending), Kind.SNAPSHOT) - count(kinds(lost), Kind.SNAPSHOT);
        assertThat(pending.size() + lost.size() + replaced).isEqualTo(kinds.size());
        assertThat(count(kinds(pending), Kind.SNAPSHOT)).isLessThanOrEqualTo(1);
        // A rollback gives way to another rollback only, and a decision to no snapshot.
        if (kinds(lost).contains(Kind.ROLLBACK)) {
            assertThat(kinds(pending)).containsOnly(Kind.ROLLBACK);
        }
        if (kinds(lost).contains(Kind.DECISION)) {
            assertThat(kinds(pending)).doesNotContain(Kind.SNAPSHOT);
        }
    }

    private static List<Kind> kinds(List<Notification> notifications) {
        return notifications.stream().map(Notification::kind).toList();
    }

    private static long count(List<Kind> kinds, Kind kind) {
        return kinds.stream().filter(kind::equals).count();
    }

    @Test
    void survivesBeingWrittenDown() {
        var outbox = Outbox.of(null);
        outbox.add(notification(Kind.ROLLBACK, 1));
        outbox.add(notification(Kind.DECISION, 2).afterLeavingOut(3));

        assertThat(Outbox.of(status(outbox.toStatus())).pending()).isEqualTo(outbox.pending());
    }

    @Test
    void passesOverWhatSomebodyHasEdited() {
        var good = notification(Kind.ROLLBACK, 1);
        var written = new ArrayList<PendingNotification>();
        written.add(new PendingNotification("a", "Gossip", "text", "2026-01-01T00:00:00Z", null));
        written.add(new PendingNotification("b", "Rollback", "text", "yesterday", null));
        written.add(new PendingNotification(null, null, null, null, null));
        var outbox = Outbox.of(null);
        outbox.add(good);
        written.addAll(Optional.ofNullable(outbox.toStatus()).orElseThrow());

        assertThat(Outbox.of(status(written)).pending()).containsExactly(good);
    }

    @Test
    void keepsOneOfTheSame() {
        var outbox = Outbox.of(null);
        outbox.add(notification(Kind.ROLLBACK, 1));
        outbox.add(notification(Kind.ROLLBACK, 1));

        assertThat(outbox.pending()).hasSize(1);
    }

    @Test
    void givesUpAfterADay() {
        var outbox = Outbox.of(null);
        outbox.add(notification(Kind.ROLLBACK, 0));
        outbox.add(notification(Kind.ROLLBACK, 60));

        outbox.expire(NOW.plus(Duration.ofHours(24)).plusSeconds(1));

        assertThat(outbox.pending()).containsExactly(notification(Kind.ROLLBACK, 60));
        assertThat(outbox.lost())
                .containsExactly(new Outbox.Lost(notification(Kind.ROLLBACK, 0), "nobody could be told within 24 h"));
    }

    @Test
    void takesOutWhatIsOver() {
        var outbox = Outbox.of(null);
        outbox.add(notification(Kind.DECISION, 1));
        var notifier = new FakeNotifier();
        notifier.deliver("apps/api", "#oncall", outbox.pending());
        outbox.add(notification(Kind.DECISION, 2));
        notifier.refusal = Optional.of("Slack answered no_text");
        notifier.deliver("apps/api", "#oncall", outbox.pending());
        outbox.add(notification(Kind.DECISION, 3));

        outbox.settle(notifier);

        assertThat(outbox.pending()).containsExactly(notification(Kind.DECISION, 3));
        assertThat(outbox.hasSent()).isTrue();
        assertThat(outbox.lost())
                .containsExactly(new Outbox.Lost(notification(Kind.DECISION, 2), "Slack answered no_text"));
    }

    private static Notification notification(Kind kind, int number) {
        return new Notification(kind + "-" + number, kind, "text " + number, NOW.plusSeconds(number), 0);
    }

    private static RateLimitRolloutStatus status(@Nullable List<PendingNotification> pending) {
        return StatusEdit.of(null).put("pendingNotifications", pending).done();
    }
}
