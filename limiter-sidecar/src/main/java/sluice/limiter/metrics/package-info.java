/** What the sidecar counts, under the names of docs/architecture.md. */
@NullMarked
package sluice.limiter.metrics;

import org.jspecify.annotations.NullMarked;
