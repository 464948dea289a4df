package sluice.cli.readiness;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sluice.cli.report.Markup;

/** SECURITY_READINESS.md: every point with its end, what says so and how to see it again. */
final class SecurityStatement {
    static final String FILE = "SECURITY_READINESS.md";

    private final Evidence evidence;
    private final List<SecurityCheck> checks;

    SecurityStatement(Evidence evidence, List<SecurityCheck> checks) {
        this.evidence = evidence;
        this.checks = List.copyOf(checks);
    }

    Item item() {
        String figure = String.format(
                Locale.ROOT,
                "%d of %d points hold, %d failed, %d NOT_RUN",
                count(Outcome.PASSED),
                checks.size(),
                count(Outcome.FAILED),
                count(Outcome.NOT_RUN));
        return new Item("Security", worst(), figure, files(), open());
    }

    private List<String> files() {
        return Stream.of(FILE, Proof.Requested.FILE, Proof.Attacked.FILE)
                .filter(path -> path.equals(FILE) || evidence.has(path))
                .toList();
    }

    private Outcome worst() {
        return Outcome.worst(
                checks.stream().map(check -> check.outcome(evidence)).toList());
    }

    private long count(Outcome outcome) {
        return checks.stream()
                .filter(check -> check.outcome(evidence) == outcome)
                .count();
    }

    /** The points that do not hold, or that nobody has looked at. */
    private Markup open() {
        List<List<Markup>> rows = checks.stream()
                .filter(check -> check.outcome(evidence) != Outcome.PASSED)
                .map(check ->
                        List.of(Badge.of(check.outcome(evidence)), Markup.text(check.what()), Markup.text(says(check))))
                .toList();
        return rows.isEmpty()
                ? Markup.element("p", "Every point holds.")
                : Markup.table(List.of("", "what does not hold yet", "why"), rows);
    }

    private String says(SecurityCheck check) {
        return check.look(evidence).stream()
                .filter(found -> found.outcome() != Outcome.PASSED)
                .map(Proof.Found::says)
                .collect(Collectors.joining("; "));
    }

    String markdown() {
        StringBuilder text = new StringBuilder("# Security readiness\n\n");
        text.append(intro()).append('\n');
        for (String area : checks.stream().map(SecurityCheck::area).distinct().toList()) {
            text.append("\n## ").append(area).append("\n\n| | what must hold | seen | command |\n|---|---|---|---|\n");
            checks.stream().filter(check -> check.area().equals(area)).forEach(check -> text.append(row(check)));
        }
        return text.toString();
    }

    private String intro() {
        return """
                Written by the generator from the reports of one run at commit %s; nothing in it is typed by hand. %s.
                A point holds when everything that was to show it was run and passed; what was not run is NOT_RUN, with the reason.
                """.formatted(MarkdownCell.of(Text.commit(evidence.commit())), item().figure());
    }

    private String row(SecurityCheck check) {
        String seen = check.look(evidence).stream()
                .map(found -> "%s %s".formatted(found.outcome(), MarkdownCell.of(found.says())))
                .collect(Collectors.joining("<br>"));
        String commands = check.proofs().stream()
                .map(Proof::command)
                .filter(command -> !command.isEmpty())
                .map(MarkdownCell::code)
                .collect(Collectors.joining("<br>"));
        return "| **%s** | %s | %s | %s |\n"
                .formatted(check.outcome(evidence), MarkdownCell.of(check.what()), seen, commands);
    }
}
