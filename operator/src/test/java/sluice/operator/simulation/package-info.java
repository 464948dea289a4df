/**
 * Operator replicas, API server, Prometheus and sidecars in virtual time, under faults that a seed chooses. What decides, commits, derives,
 * streams, takes up and chooses arms is the production code; what is simulated is what it stands on.
 */
@NullMarked
package sluice.operator.simulation;

import org.jspecify.annotations.NullMarked;
