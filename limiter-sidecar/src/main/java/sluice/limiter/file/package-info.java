/** The configuration file of a sidecar without Kubernetes. */
@NullMarked
package sluice.limiter.file;

import org.jspecify.annotations.NullMarked;
