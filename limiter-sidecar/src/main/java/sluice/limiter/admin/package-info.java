/** The admin port: probes, metrics and drain. */
@NullMarked
package sluice.limiter.admin;

import org.jspecify.annotations.NullMarked;
