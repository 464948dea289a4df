/** The dashboards as files, and as pictures: the commands. */
@NullMarked
package sluice.observability;

import org.jspecify.annotations.NullMarked;
