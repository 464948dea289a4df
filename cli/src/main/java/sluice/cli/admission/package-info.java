/** What an API server would say to a resource. */
@NullMarked
package sluice.cli.admission;

import org.jspecify.annotations.NullMarked;
