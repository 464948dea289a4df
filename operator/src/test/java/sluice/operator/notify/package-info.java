@NullMarked
package sluice.operator.notify;

import org.jspecify.annotations.NullMarked;
