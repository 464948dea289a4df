package sluice.operator.reconcile;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.rollout.Verb;

/** Words for people who may be asleep, on the train, or looking after fifty rollouts: which one, what, and what to type next. */
final class NotificationText {

    static final int LONGEST = 2000;
    private static final String CUT = "...";

    private final String namespace;
    private final String name;
    private final ReportLink link;

    NotificationText(RateLimitRollout rollout, ReportLink link) {
        this.namespace = rollout.getMetadata().getNamespace();
        this.name = rollout.getMetadata().getName();
        this.link = link;
    }

    /**
     * The whole text: the rollout and what happened, then one line each.
     *
     * @param lines empty ones are left out, long texts cut
     */
    String of(String what, List<String> lines) {
        var text = Stream.concat(Stream.of(namespace + "/" + name + ": " + what), lines.stream())
                .map(NotificationText::oneLine)
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining("\n"));
        return text.length() > LONGEST ? text.substring(0, LONGEST - CUT.length()) + CUT : text;
    }

    String of(String what, String... lines) {
        return of(what, List.of(lines));
    }

    /** What to type for a command, as it can be typed without any plugin. */
    String command(String purpose, Verb verb, String revision) {
        return "%s: kubectl annotate -n %s rlr %s --overwrite \"sluice.dev/command=%s@%s/$(date +%%s)\""
                .formatted(purpose, namespace, name, verb.text(), revision);
    }

    /** What to type to see more. */
    String look() {
        return "To see more: kubectl describe -n %s rlr %s".formatted(namespace, name);
    }

    /** Where everything about it is kept; empty when nobody has said where. */
    String link(String revision) {
        return link.line(namespace, name, revision).orElse("");
    }

    /** What to type for everything about it: with the rights of whoever types it, which may be more than the operator's. */
    String report() {
        return "For the whole story with logs: kubectl rlr report -n %s --rollout %s --out %s-report"
                .formatted(namespace, name, name);
    }

    /** Some of it was written by others: a command's text, what an API server says. */
    private static String oneLine(String line) {
        return line.replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}\\p{Cf}]+", " ").strip();
    }
}
