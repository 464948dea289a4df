@NullMarked
package sluice.limiter.proxy;

import org.jspecify.annotations.NullMarked;
