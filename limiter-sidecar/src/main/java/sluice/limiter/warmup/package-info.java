/** Makes the sidecar fast before its first request: real parts at work for nobody, between stand-ins for callers, app and Redis. */
@NullMarked
package sluice.limiter.warmup;

import org.jspecify.annotations.NullMarked;
