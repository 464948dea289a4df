package sluice.cli.readiness;

import static sluice.cli.report.Markup.element;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import sluice.cli.report.Markup;

/** LOAD_REPORT.html: ten times the demo's load, at once and for longer, with Redis and without, beside the same without a sidecar. */
final class LoadReport {
    static final String FILE = "LOAD_REPORT.html";
    static final double LONGEST_P95_MILLIS = 120;
    static final double MOST_OVER_WITHOUT = 2;
    static final double MOST_THROTTLED = 0.005;
    static final int TIMES_NORMAL = 10;
    /** A generator that is this far behind has sent another load. */
    static final double LEAST_OF_RATE = 0.95;

    private final Evidence evidence;

    LoadReport(Evidence evidence) {
        this.evidence = evidence;
    }

    /** What was promised of the load, and what came of it. */
    record Target(String what, Outcome outcome, String measured, String bound) {}

    List<Target> targets() {
        List<Target> targets = new ArrayList<>();
        for (Load load : Load.values()) {
            load.without().ifPresent(without -> targets.addAll(targets(load, without)));
        }
        targets.addAll(Soak.targets(evidence));
        return targets;
    }

    private List<Target> targets(Load load, Load without) {
        return LoadPhase.of(evidence, load)
                .filter(phase -> phase.requests() > 0)
                .map(phase -> targets(phase, without))
                .orElseGet(() -> List.of(new Target(
                        load.title, Outcome.NOT_RUN, evidence.whyMissing("load", "this load was not sent"), "")));
    }

    private List<Target> targets(LoadPhase phase, Load without) {
        String title = phase.load().title;
        List<Target> targets = new ArrayList<>();
        int wanted = TIMES_NORMAL * evidence.run().path("rate").asInt();
        targets.add(new Target(
                title + ": requests a second",
                isSent(phase, wanted) ? Outcome.PASSED : Outcome.NOT_RUN,
                Text.number(phase.sentRate()),
                String.format(Locale.ROOT, "at least %d, %d times the demo's", wanted, TIMES_NORMAL)));
        targets.add(new Target(
                title + ": refused, 5xx and lost",
                Outcome.of(phase.failed() == 0),
                String.format(Locale.ROOT, "%d of %d", phase.failed(), phase.requests()),
                "0"));
        targets.add(throttled(phase));
        targets.add(new Target(
                title + ": P95",
                Outcome.of(phase.p95() < LONGEST_P95_MILLIS),
                Text.number(phase.p95()) + " ms",
                "under %s ms".formatted(Text.number(LONGEST_P95_MILLIS))));
        targets.add(beside(phase, without));
        return targets;
    }

    private static boolean isSent(LoadPhase phase, int wanted) {
        return wanted > 0 && phase.rate() >= wanted && phase.sentRate() >= LEAST_OF_RATE * phase.rate();
    }

    private static Target throttled(LoadPhase phase) {
        boolean counted = phase.load().boundsThrottled();
        return new Target(
                phase.load().title + ": 429 to callers within their limits",
                Outcome.of(!counted || phase.throttledShare() < MOST_THROTTLED),
                Text.percent(phase.throttledShare()),
                counted ? "under " + Text.percent(MOST_THROTTLED) : "counted apart, no bound");
    }

    private Target beside(LoadPhase phase, Load same) {
        Optional<LoadPhase> without = LoadPhase.of(evidence, same);
        String what = phase.load().title + ": P95 over the same without a sidecar";
        String bound = "at most %s times".formatted(Text.number(MOST_OVER_WITHOUT));
        if (without.filter(each -> each.p95() > 0 && each.rate() == phase.rate() && each.failed() == 0)
                .isEmpty()) {
            String why = evidence.whyMissing("load", "the same load was not sent without a sidecar");
            return new Target(what, Outcome.NOT_RUN, why, bound);
        }
        double times = phase.p95() / without.get().p95();
        String measured = "%s times: %s ms beside %s ms"
                .formatted(
                        Text.number(times),
                        Text.number(phase.p95()),
                        Text.number(without.get().p95()));
        return new Target(what, Outcome.of(times <= MOST_OVER_WITHOUT), measured, bound);
    }

    Item item() {
        List<Target> targets = targets();
        long met = targets.stream()
                .filter(target -> target.outcome() == Outcome.PASSED)
                .count();
        return new Item(
                "Load at ten times the demo's rate",
                Outcome.worst(targets.stream().map(Target::outcome).toList()),
                String.format(Locale.ROOT, "%d of %d bounds are kept", met, targets.size()),
                Stream.concat(Stream.of(FILE), evidence.under("load", ".json").stream())
                        .toList(),
                table(targets.stream()
                        .filter(target -> target.outcome() != Outcome.PASSED)
                        .toList()));
    }

    private static Markup table(List<Target> targets) {
        return targets.isEmpty()
                ? Markup.NOTHING
                : Markup.table(
                        List.of("", "load", "measured", "bound"),
                        targets.stream()
                                .map(target -> List.of(
                                        Badge.of(target.outcome()),
                                        Markup.text(target.what()),
                                        Markup.text(target.measured()),
                                        Markup.text(target.bound())))
                                .toList());
    }

    Markup page() {
        List<Markup> body = new ArrayList<>();
        body.add(element("h1", "Load report"));
        body.add(element(
                "p",
                "Commit %s. Sent by vegeta at a constant rate, as 2,000 users over 64 connections, straight to the service: "
                                .formatted(Text.commit(evidence.commit()))
                        + "the rules of the WAF would take both processors at this rate. A burst comes at once after the demo's "
                        + "own rate; the pods without a sidecar are new by then, the others have had the demo, and where Redis is killed "
                        + "the loads before. Sustained load comes after a minute of the same, or after that burst."));
        body.add(table(targets()));
        body.add(ProcessorTime.table(evidence));
        Stream.of(Load.values())
                .forEach(load -> LoadPhase.of(evidence, load)
                        .flatMap(phase -> phase.chart(LONGEST_P95_MILLIS))
                        .ifPresent(chart -> body.add(element("figure", element("figcaption", load.title), chart))));
        return Sheet.of("Load report", body);
    }
}
