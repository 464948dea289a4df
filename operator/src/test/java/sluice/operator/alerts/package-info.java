@NullMarked
package sluice.operator.alerts;

import org.jspecify.annotations.NullMarked;
