/** What each dashboard shows, and how Grafana reads it. */
@NullMarked
package sluice.observability.dashboard;

import org.jspecify.annotations.NullMarked;
