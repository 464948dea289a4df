/** The decision core over recorded or invented samples. */
@NullMarked
package sluice.cli.simulate;

import org.jspecify.annotations.NullMarked;
