package sluice.limiter.judge;

/** What is known of the request's bearer token, for the authentication figures. UNCHECKED: no key, or no time, to check it with. */
public enum TokenCheck {
    ABSENT,
    UNCHECKED,
    VALID,
    INVALID,
    EXPIRED
}
