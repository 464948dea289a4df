package sluice.operator.reconcile;

import static java.util.Comparator.comparing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.PendingNotification;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;

/** What waits to be told, oldest first, and never more than {@value #MOST}. */
final class Outbox {

    static final int MOST = 20;
    static final Duration PATIENCE = Duration.ofHours(24);

    /** One that nobody will be told. */
    record Lost(Notification notification, String why) {}

    private final List<Notification> pending;
    private final List<Lost> lost = new ArrayList<>();
    private boolean sent;

    private Outbox(List<Notification> pending) {
        this.pending = pending;
    }

    /** As it is written down. What somebody has edited beyond recognition is left out: it must not keep a rollout from going back. */
    static Outbox of(@Nullable RateLimitRolloutStatus status) {
        var written = status == null ? null : status.pendingNotifications();
        return new Outbox(new ArrayList<>(Stream.ofNullable(written)
                .flatMap(List::stream)
                .flatMap(each -> read(each).stream())
                .toList()));
    }

    /** Takes out what is over. */
    void settle(Notifier notifier) {
        for (var each : List.copyOf(pending)) {
            switch (notifier.outcome(each.id()).orElse(null)) {
                case Notifier.Outcome.Sent _ -> {
                    sent = true;
                    pending.remove(each);
                }
                case Notifier.Outcome.Refused refused -> lose(each, refused.why());
                case null -> {}
            }
        }
    }

    /** Gives up what has waited for too long. */
    void expire(Instant now) {
        for (var each : List.copyOf(pending)) {
            if (each.at().plus(PATIENCE).isBefore(now)) {
                lose(each, "nobody could be told within " + PATIENCE.toHours() + " h");
            }
        }
    }

    /** Puts news behind the rest. A snapshot takes the place of the one that waits; the same thing waits once. */
    void add(Notification news) {
        if (pending.stream().anyMatch(each -> each.id().equals(news.id()))) {
            return;
        }
        pending.add(news.kind() == Notification.Kind.SNAPSHOT ? instead(news) : news);
        if (pending.size() > MOST) {
            leaveOneOut();
        }
    }

    private Notification instead(Notification snapshot) {
        var old = pending.stream()
                .filter(each -> each.kind() == Notification.Kind.SNAPSHOT)
                .toList();
        pending.removeAll(old);
        return snapshot.afterLeavingOut(
                old.stream().mapToInt(Notification::leftOut).sum());
    }

    /** The oldest of those that matter least; whoever hears of the one beside it hears that there were others. */
    private void leaveOneOut() {
        var least = Collections.min(pending, comparing(Notification::kind));
        var at = pending.indexOf(least);
        lose(least, "more than " + MOST + " waited to be told");
        var beside = Math.min(at, pending.size() - 1);
        pending.set(beside, pending.get(beside).afterLeavingOut(1 + least.leftOut()));
    }

    private void lose(Notification notification, String why) {
        pending.remove(notification);
        lost.add(new Lost(notification, why));
    }

    List<Notification> pending() {
        return List.copyOf(pending);
    }

    List<Lost> lost() {
        return List.copyOf(lost);
    }

    /** Whether something was told since the last turn. */
    boolean hasSent() {
        return sent;
    }

    @Nullable
    List<PendingNotification> toStatus() {
        return pending.isEmpty() ? null : pending.stream().map(Outbox::write).toList();
    }

    private static PendingNotification write(Notification notification) {
        return new PendingNotification(
                notification.id(),
                notification.kind().text(),
                notification.text(),
                StatusText.of(notification.at()),
                notification.leftOut() == 0 ? null : notification.leftOut());
    }

    private static Optional<Notification> read(PendingNotification written) {
        try {
            return Notification.Kind.of(StatusText.require("kind", written.kind()))
                    .map(kind -> new Notification(
                            StatusText.require("id", written.id()),
                            kind,
                            StatusText.require("text", written.text()),
                            StatusText.instant("at", written.at()),
                            Optional.ofNullable(written.leftOut()).orElse(0)));
        } catch (IllegalArgumentException edited) {
            return Optional.empty();
        }
    }
}
