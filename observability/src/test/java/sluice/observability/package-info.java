@NullMarked
package sluice.observability;

import org.jspecify.annotations.NullMarked;
