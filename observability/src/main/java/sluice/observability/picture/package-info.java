/** Draws dashboards from what a Prometheus has, without a Grafana. */
@NullMarked
package sluice.observability.picture;

import org.jspecify.annotations.NullMarked;
