@NullMarked
package sluice.operator.reconcile;

import org.jspecify.annotations.NullMarked;
