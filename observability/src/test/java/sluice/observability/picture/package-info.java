@NullMarked
package sluice.observability.picture;

import org.jspecify.annotations.NullMarked;
