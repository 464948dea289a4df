/** The sidecar's judgement, driven in process. */
@NullMarked
package sluice.bench;

import org.jspecify.annotations.NullMarked;
