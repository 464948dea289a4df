/** All that is known of a rollout as a folder: for whoever was not there. */
@NullMarked
package sluice.cli.report;

import org.jspecify.annotations.NullMarked;
