package sluice.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The accounts: {@code user-0001} to {@code user-2000}, the same in every replica, and whoever signs up. Nothing is kept: who a name
 * is follows from the name, so that every replica knows everybody without a database.
 */
final class Users {
    static final int SEEDED = 2000;

    private static final Pattern SEEDED_NAME = Pattern.compile("user-(\\d{4})");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{2,30}");

    private Users() {}

    /** The name of the account with this number, from 1. */
    static String name(int number) {
        return String.format(Locale.ROOT, "user-%04d", number);
    }

    static List<User> seeded() {
        List<User> users = new ArrayList<>(SEEDED);
        for (int number = 1; number <= SEEDED; number++) {
            users.add(new User(name(number), role(number)));
        }
        return users;
    }

    /** The account of this name; empty when no account can have it. */
    static Optional<User> find(String name) {
        var seeded = SEEDED_NAME.matcher(name);
        if (seeded.matches()) {
            int number = Integer.parseInt(seeded.group(1));
            return number >= 1 && number <= SEEDED ? Optional.of(new User(name, role(number))) : Optional.empty();
        }
        return mayBeSignedUp(name) ? Optional.of(new User(name, Role.STUDENT)) : Optional.empty();
    }

    static boolean mayBeSignedUp(String name) {
        return NAME.matcher(name).matches() && !name.startsWith("user-");
    }

    static Role role(int number) {
        if (number % 100 == 0) {
            return Role.ADMIN;
        }
        return number % 10 == 0 ? Role.PROVIDER : Role.STUDENT;
    }
}
