package sluice.e2e.story;

import java.io.PrintStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.e2e.rollout.RolloutView;
import sluice.e2e.rollout.Seen;

/** Tells what happens, one line per change. Thread-safe. */
public final class Narrator {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    /** Reasons to hold that the phase says already, or that pass within a second. */
    private static final Set<String> MATTER_OF_COURSE =
            Set.of("Observing", "Holding", "SidecarsNotReady", "AwaitingSidecars", "NoTraffic", "Latched", "Complete");

    private final PrintStream out;
    private final Clock clock;
    private final String prefix;
    private @Nullable RolloutView told;

    public Narrator(PrintStream out, Clock clock, String prefix) {
        this.out = out;
        this.clock = clock;
        this.prefix = prefix;
    }

    /** On the terminal; the name, when there is one, tells several at once apart. */
    public static Narrator called(String name) {
        return new Narrator(System.out, Clock.systemUTC(), name.isEmpty() ? "" : name + ": ");
    }

    /** Something that the story does itself. */
    public synchronized void say(String what) {
        tell(clock.instant(), what);
    }

    /** A state of the rollout; told only when it differs from the last in something one would want to know. */
    public synchronized void hear(Seen seen) {
        var rollout = seen.rollout();
        if (!rollout.phase().isEmpty() && (told == null || differs(told, rollout))) {
            told = rollout;
            tell(seen.at(), describe(rollout));
        }
    }

    private void tell(Instant at, String what) {
        out.println(TIME.format(at) + "  " + prefix + what);
        out.flush();
    }

    private static boolean differs(RolloutView before, RolloutView now) {
        return before.weight() != now.weight()
                || !before.phase().equals(now.phase())
                || (!before.decisionReason().equals(now.decisionReason())
                        && !MATTER_OF_COURSE.contains(now.decisionReason()));
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
