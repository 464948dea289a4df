/** Rollouts in a cluster, reached as kubectl reaches it. */
@NullMarked
package sluice.cli.cluster;

import org.jspecify.annotations.NullMarked;
