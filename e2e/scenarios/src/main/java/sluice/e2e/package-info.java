@NullMarked
package sluice.e2e;

import org.jspecify.annotations.NullMarked;
