package sluice.operator.rollout;

import java.time.Instant;
import java.util.Optional;

/**
 * One run of a hook, at the place where the rollout is.
 *
 * @param hook the hook's name
 * @param revision the candidate that it is about
 */
public record HookRun(String hook, String revision, Outcome outcome) {
    /** How far it is. */
    public sealed interface Outcome {
        /** It waits, as for every sidecar to do what the place says. */
        record Due() implements Outcome {}

        /**
         * Its Job is wanted. Hook and time name the Job, so that a crash makes no second one.
         *
         * @param since the time of the decision
         */
        record Running(Instant since) implements Outcome {}

        /** Its Job has succeeded. */
        record Passed(Instant since, Instant at) implements Outcome {}

        /** Its Job has failed, or has shown no result in time. */
        record Failed(Instant since, Instant at, String why) implements Outcome {}

        /** Somebody goes on without it. */
        record Skipped(Instant at) implements Outcome {}
    }

    static HookRun due(Hook hook, String revision) {
        return new HookRun(hook.name(), revision, new Outcome.Due());
    }

    HookRun with(Outcome next) {
        return new HookRun(hook, revision, next);
    }

    /** Since when its Job is or was wanted, if it ever was. */
    public Optional<Instant> since() {
        return switch (outcome) {
            case Outcome.Running running -> Optional.of(running.since());
            case Outcome.Passed passed -> Optional.of(passed.since());
            case Outcome.Failed failed -> Optional.of(failed.since());
            case Outcome.Due _, Outcome.Skipped _ -> Optional.empty();
        };
    }

    /** The same to be run again, if it runs. */
    HookRun again() {
        return outcome instanceof Outcome.Running ? with(new Outcome.Due()) : this;
    }

    /** Whether the rollout may go on as far as it is concerned. */
    boolean isDone() {
        return outcome instanceof Outcome.Passed || outcome instanceof Outcome.Skipped;
    }

    public boolean hasFailed() {
        return outcome instanceof Outcome.Failed;
    }

    /** Whether nothing more is to be heard of it. */
    boolean hasEnded() {
        return isDone() || hasFailed();
    }

    /** Whether it ended in the evaluation of that time. */
    boolean hasEndedAt(Instant now) {
        return switch (outcome) {
            case Outcome.Due _, Outcome.Running _ -> false;
            case Outcome.Passed passed -> passed.at().equals(now);
            case Outcome.Failed failed -> failed.at().equals(now);
            case Outcome.Skipped skipped -> skipped.at().equals(now);
        };
    }

    /** Why it failed, in a sentence; for one that has not, where it is. */
    public String sentence() {
        return "hook " + hook
                + switch (outcome) {
                    case Outcome.Due _ -> " waits to begin";
                    case Outcome.Running running -> " runs since " + running.since();
                    case Outcome.Passed passed -> " succeeded at " + passed.at();
                    case Outcome.Failed failed -> " failed: " + failed.why();
                    case Outcome.Skipped skipped -> " was skipped at " + skipped.at();
                };
    }
}
