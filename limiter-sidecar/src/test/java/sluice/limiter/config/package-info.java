@NullMarked
package sluice.limiter.config;

import org.jspecify.annotations.NullMarked;
