package sluice.limiter.identity;

import sluice.limiter.judge.TokenCheck;

/**
 * Who a request comes from, by one set of rules.
 *
 * @param identity {@code user:<user>} or {@code ip:<address>}: the two never collide
 * @param trustedPeer true when the connection comes from a trusted proxy, whose headers are believed
 * @param claims of a token that was verified, else none
 */
public record Caller(String identity, boolean trustedPeer, TokenCheck tokenCheck, Claims claims) {}
