@NullMarked
package sluice.limiter.admin;

import org.jspecify.annotations.NullMarked;
