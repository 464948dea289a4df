package sluice.limiter.judge;

/** What is known of the request's bearer token, for the authentication figures. UNCHECKED: no key to check it with. */
public enum TokenCheck {
    ABSENT,
    UNCHECKED,
    VALID,
    INVALID,
    EXPIRED
}
