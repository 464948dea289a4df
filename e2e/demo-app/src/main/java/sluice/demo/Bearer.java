package sluice.demo;

/** What the {@code Authorization} header of a request says about its sender (RFC 6750). */
sealed interface Bearer {
    record Verified(User user) implements Bearer {}

    record Missing() implements Bearer {}

    record Expired() implements Bearer {}

    record Invalid(String why) implements Bearer {}
}
