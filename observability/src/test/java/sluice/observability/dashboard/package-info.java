@NullMarked
package sluice.observability.dashboard;

import org.jspecify.annotations.NullMarked;
