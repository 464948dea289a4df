/** The resource RateLimitRollout as users write it and as its status reports. */
@NullMarked
package sluice.operator.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
