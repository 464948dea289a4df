@NullMarked
package sluice.operator.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
