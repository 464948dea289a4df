package sluice.demo;

/** A person with an account. */
record User(String name, Role role) {}
