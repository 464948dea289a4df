package sluice.cli.readiness;

import java.util.Map;
import sluice.cli.report.Markup;

/** An outcome as the page shows it: in words, so that it is read in black and white too. */
final class Badge {
    private Badge() {}

    static Markup of(Outcome outcome) {
        return Markup.element("b", Map.of("class", "badge " + outcome.tone()), Markup.text(outcome.name()));
    }
}
