/**
 * The HTTP/1.1 reverse proxy: it parses strictly, asks for a judgement, forwards or answers, and accounts for it.
 *
 * <p>Everything about one connection happens on its event loop: nothing here locks, waits or changes threads.
 */
@NullMarked
package sluice.limiter.proxy;

import org.jspecify.annotations.NullMarked;
