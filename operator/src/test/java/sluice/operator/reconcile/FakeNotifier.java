package sluice.operator.reconcile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** People who hear at once, unless there is trouble. */
public final class FakeNotifier implements Notifier {

    final List<Notification> told;
    final List<String> lost;
    private final Map<String, Outcome> outcomes = new HashMap<>();
    Optional<Trouble> trouble = Optional.empty();
    Optional<String> refusal = Optional.empty();

    public FakeNotifier() {
        this(new ArrayList<>(), new ArrayList<>());
    }

    private FakeNotifier(List<Notification> told, List<String> lost) {
        this.told = told;
        this.lost = lost;
    }

    /** The same people, and nothing remembered of what they heard. */
    FakeNotifier restarted() {
        var next = new FakeNotifier(told, lost);
        next.trouble = trouble;
        next.refusal = refusal;
        return next;
    }

    @Override
    public void deliver(String rollout, String channel, List<Notification> pending) {
        for (var notification : pending) {
            if (outcomes.containsKey(notification.id()) || trouble.isPresent()) {
                continue;
            }
            refusal.ifPresentOrElse(
                    why -> outcomes.put(notification.id(), new Outcome.Refused(why)), () -> tell(notification));
        }
    }

    private void tell(Notification notification) {
        told.add(notification);
        outcomes.put(notification.id(), new Outcome.Sent());
    }

    @Override
    public Optional<Outcome> outcome(String id) {
        return Optional.ofNullable(outcomes.get(id));
    }

    @Override
    public Optional<Trouble> trouble(String rollout) {
        return trouble;
    }

    @Override
    public void lost(String rollout, Notification notification, String why) {
        lost.add(why + ": " + notification.text());
    }

    List<String> texts() {
        return told.stream().map(Notification::text).toList();
    }

    /** The first line of each. */
    List<String> headlines() {
        return texts().stream().map(text -> text.lines().findFirst().orElse("")).toList();
    }
}
