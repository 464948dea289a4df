@NullMarked
package sluice.limiter.file;

import org.jspecify.annotations.NullMarked;
