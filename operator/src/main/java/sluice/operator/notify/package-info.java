/** Slack: tells people what is committed, at least once, and is in nobody's way. */
@NullMarked
package sluice.operator.notify;

import org.jspecify.annotations.NullMarked;
