package sluice.limiter.config;

/** What becomes of a request that is over its limit. */
public enum Enforcement {
    ENFORCE,
    /** Counted, never rejected. A request that the WAF blocked is rejected all the same. */
    SHADOW
}
