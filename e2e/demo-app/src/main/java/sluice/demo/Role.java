package sluice.demo;

/** What a user may do. */
enum Role {
    STUDENT,
    PROVIDER,
    ADMIN
}
