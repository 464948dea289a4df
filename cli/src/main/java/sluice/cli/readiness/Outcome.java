package sluice.cli.readiness;

import java.util.Collection;

/** What became of something that was to be shown. The later one decides where there are several. */
enum Outcome {
    PASSED("good"),
    NOT_RUN("open"),
    FAILED("bad");

    private final String tone;

    Outcome(String tone) {
        this.tone = tone;
    }

    /** The class of the style sheet that shows it. */
    String tone() {
        return tone;
    }

    static Outcome of(boolean holds) {
        return holds ? PASSED : FAILED;
    }

    /** The worst of them; nothing at all is nothing shown. */
    static Outcome worst(Collection<Outcome> outcomes) {
        return outcomes.stream().max(Outcome::compareTo).orElse(NOT_RUN);
    }
}
