/** Real parts for the tests of the whole operator. */
@NullMarked
package sluice.operator.testing;

import org.jspecify.annotations.NullMarked;
