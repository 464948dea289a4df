package sluice.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The requests of people at the door: logins and signups in turn, one login in ten with a wrong password. Whoever is there has no token yet, so to
 * a limiter all that come from one address are one caller.
 */
final class SignIns {
    private static final double LARGEST_SHARE = 0.5;
    private static final int WRONG = 10;

    private final Tokens tokens;
    private final String inviteCode;
    private final String baseUrl;
    private final int users;

    /** @param users how many log in, one after the other */
    SignIns(Tokens tokens, String inviteCode, String baseUrl, int users) {
        this.tokens = tokens;
        this.inviteCode = inviteCode;
        this.baseUrl = baseUrl;
        this.users = users;
    }

    /**
     * Puts them between others' requests, evenly; the others keep their order.
     *
     * @param share of all requests together, 0 to 0.5
     */
    List<LoadTarget> among(List<LoadTarget> others, double share) {
        if (!(share >= 0 && share <= LARGEST_SHARE)) {
            throw new IllegalArgumentException("the share of logins and signups is " + share + "; use 0 to 0.5");
        }
        List<LoadTarget> all = new ArrayList<>();
        int signIns = 0;
        for (var other : others) {
            all.add(other);
            if (signIns + 1 <= share * (all.size() + 1)) {
                all.add(signIn(signIns));
                signIns++;
            }
        }
        return all;
    }

    private LoadTarget signIn(int number) {
        int turn = number / 2;
        return number % 2 == 0 ? login(turn) : signup(turn);
    }

    private LoadTarget login(int turn) {
        var user = LoadTargets.user(turn % users + 1);
        var password = turn % WRONG == WRONG - 1 ? "wrong" : tokens.password(user);
        return LoadTarget.post(baseUrl + "/login", Map.of("name", user.name(), "password", password));
    }

    private LoadTarget signup(int turn) {
        return LoadTarget.post(baseUrl + "/signup", Map.of("name", "newcomer-" + turn, "inviteCode", inviteCode));
    }
}
