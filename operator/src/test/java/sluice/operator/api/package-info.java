/** The resource as a real API server takes it. */
@NullMarked
package sluice.operator.api;

import org.jspecify.annotations.NullMarked;
