/** Puts the limiter sidecar into pods at CREATE: the label that asks for it, the pure injector, the mutating webhook. */
@NullMarked
package sluice.operator.admission;

import org.jspecify.annotations.NullMarked;
