/** Opens the sidecar's own parts to the simulation of operator and sidecars together. */
@NullMarked
package sluice.limiter.control;

import org.jspecify.annotations.NullMarked;
