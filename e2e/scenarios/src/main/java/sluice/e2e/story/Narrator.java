package sluice.e2e.story;

import java.io.PrintStream;
import java.time.Clock;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sluice.e2e.rollout.RolloutView;
import sluice.e2e.rollout.Seen;

/** Tells what happens, one line per change. Thread-safe. */
public final class Narrator {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private final PrintStream out;
    private final Clock clock;
    private @Nullable RolloutView told;

    public Narrator(PrintStream out, Clock clock) {
        this.out = out;
        this.clock = clock;
    }

    /** Something that the story does itself. */
    public synchronized void say(String what) {
        out.println(TIME.format(clock.instant()) + "  " + what);
        out.flush();
    }

    /** A state of the rollout; told only when it differs from the last in something one would want to know. */
    public synchronized void hear(Seen seen) {
        var rollout = seen.rollout();
        if (!rollout.phase().isEmpty() && (told == null || differs(told, rollout))) {
            told = rollout;
            out.println(TIME.format(seen.at()) + "  " + describe(rollout));
            out.flush();
        }
    }

    private static boolean differs(RolloutView before, RolloutView now) {
        return before.weight() != now.weight()
                || !before.phase().equals(now.phase())
                || !before.decisionReason().equals(now.decisionReason());
    }

    static String describe(RolloutView rollout) {
        return "%-12s %3d%%  step %-4s next in %-6s %s"
                .formatted(
                        rollout.phase(),
                        rollout.weight(),
                        orDash(rollout.stepText()),
                        orDash(rollout.nextIn()),
                        rollout.decisionMessage().isEmpty() ? rollout.decisionReason() : rollout.decisionMessage())
                .stripTrailing();
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }
}
