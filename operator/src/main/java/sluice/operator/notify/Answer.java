package sluice.operator.notify;

import java.time.Duration;
import java.util.Optional;
import sluice.operator.reconcile.Notifier.Trouble;

/** What became of one message. */
sealed interface Answer {

    /** It is in the channel. */
    record Delivered() implements Answer {}

    /**
     * Not now.
     *
     * @param retryAfter how long Slack wants to be left alone
     */
    record Later(Trouble trouble, Optional<Duration> retryAfter) implements Answer {}

    /** Never: it is the message itself that Slack does not take. */
    record Refused(String why) implements Answer {}
}
