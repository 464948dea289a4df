/** What the sidecars' logs say, collected while pods come and go. */
@NullMarked
package sluice.e2e.log;

import org.jspecify.annotations.NullMarked;
