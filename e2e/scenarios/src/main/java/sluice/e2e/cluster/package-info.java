/** The cluster under test: its objects, its processes, and the scripts around it. */
@NullMarked
package sluice.e2e.cluster;

import org.jspecify.annotations.NullMarked;
