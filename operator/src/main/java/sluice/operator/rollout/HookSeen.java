package sluice.operator.rollout;

/** What was seen of a hook's Job. */
public sealed interface HookSeen {
    /** It has succeeded. */
    record Succeeded() implements HookSeen {}

    /** It has not ended; {@code log} shows what it has printed. */
    record Unfinished(String log) implements HookSeen {}

    /** It has failed. */
    record Failed(String why) implements HookSeen {}

    /** There is none, because it was refused; it is tried again. */
    record Refused(String why) implements HookSeen {}
}
