/** The sidecar's whole configuration: one JSON document, its shape and its strict parser. */
@NullMarked
package sluice.limiter.config;

import org.jspecify.annotations.NullMarked;
