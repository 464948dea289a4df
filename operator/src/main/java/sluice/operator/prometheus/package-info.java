/** Reads the signals of a rollout from Prometheus. Whatever is odd becomes a missing reading; nothing of a body is echoed. */
@NullMarked
package sluice.operator.prometheus;

import org.jspecify.annotations.NullMarked;
