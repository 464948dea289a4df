package sluice.observability.dashboard;

import static sluice.observability.dashboard.Promql.rate;
import static sluice.observability.dashboard.Promql.share;
import static sluice.observability.dashboard.Promql.shareByArm;
import static sluice.observability.dashboard.Promql.sidecars;
import static sluice.observability.dashboard.Promql.sum;

/** How callers fare with the app's authentication, and the app with its callers. */
final class AuthDashboard {

    private static final String RESPONSES = "sluice_app_responses_total";
    private static final String BY_LIMIT = "sluice_limit_responses_total";
    private static final String AUTH = "sluice_auth_total";
    private static final String FAILED = "result=~\"missing|invalid|expired\"";
    private static final String LOGIN = "limit=~\"$login\"";
    private static final String SIGNUP = "limit=~\"$signup\"";

    private AuthDashboard() {}

    static Dashboard dashboard() {
        return new Dashboard(
                        "sluice-auth",
                        "Sluice / Auth",
                        "What the app answers, whose tokens it refuses and why, and whether people can log in and sign up.",
                        now(),
                        answers(),
                        tokens(),
                        doors())
                .with(
                        // Routes are known by the limits that match them.
                        new Variable.Text("login", "Limits on login", "(log|sign)-?in.*"),
                        new Variable.Text("signup", "Limits on signup", "sign-?up.*|register.*"));
    }

    private static Row now() {
        return Row.of(
                "Now",
                Panel.number(
                                "Server errors",
                                Unit.RATIO,
                                "Share of the app's answers that are 5xx. Good: below 0.1 %. From 1 % on for 5 minutes a rollout goes back; look at the app's log.")
                        .query(share(RESPONSES, "class=\"5xx\""), "5xx")
                        .warningFrom(0.001)
                        .badFrom(0.01),
                Panel.number(
                                "Failed authentication",
                                Unit.RATIO,
                                "Share of answers to a missing, invalid or expired token. Good: as always. Three times as much as always means broken clients, changed keys, or somebody who guesses.")
                        .query(share(AUTH, FAILED), "failed"),
                Panel.number(
                                "Login success",
                                Unit.RATIO,
                                "Share of logins that the app answered 2xx; a wrong password is 401. Good: as always, and above half. Needs a limit on the login's route, whose name the variable gives.")
                        .query(share(BY_LIMIT, "class=\"2xx\"", LOGIN), "2xx")
                        .badBelow(0.5),
                Panel.number(
                                "Signup success",
                                Unit.RATIO,
                                "Share of signups that the app answered 2xx. Good: as always, and above half. Needs a limit on the signup's route, whose name the variable gives.")
                        .query(share(BY_LIMIT, "class=\"2xx\"", SIGNUP), "2xx")
                        .badBelow(0.5));
    }

    private static Row answers() {
        return Row.of(
                "The app's answers",
                Panel.graph(
                                "Answers by class",
                                Unit.REQUESTS_PER_SECOND,
                                "What the app answered; what the limiter answers is not in it. Good: 2xx and 3xx. Much 4xx are clients that do something wrong, 5xx is the app's own trouble.")
                        .query(sum("class", rate(RESPONSES)), "{{class}}"),
                Panel.graph(
                                "Server errors by arm",
                                Unit.RATIO,
                                "The signal ErrorRatio, arm by arm. Good: both arms alike and below 1 %. An arm alone above it is the limiter's doing: a rollout goes back by itself.")
                        .query(shareByArm(RESPONSES, "class=\"5xx\""), Promql.ARM)
                        .badFrom(0.01),
                Panel.graph(
                                "Latency of the app",
                                Unit.SECONDS,
                                "From the end of the request to the head of the answer, without the limiter. Good: P95 below 120 ms. From 300 ms on for 5 minutes a rollout goes back.")
                        .quantiles("sluice_app_latency_seconds")
                        .warningFrom(0.12)
                        .badFrom(0.3));
    }

    private static Row tokens() {
        return Row.of(
                "Tokens",
                Panel.graph(
                                "Token errors",
                                Unit.REQUESTS_PER_SECOND,
                                "Answers 401 and 403 by what was wrong with the token. Good: as always. invalid: keys changed or forged tokens; expired: a client that does not renew; missing: a client that forgets.")
                        .query(sum("result", rate(AUTH, FAILED)), "{{result}}"),
                Panel.graph(
                                "Failed authentication against the last hour",
                                Unit.RATIO,
                                "The signal AuthFailures, and three times what the last hour showed. Good: well below that line. Above it for 5 minutes a rollout goes back; find out which token error rose.")
                        .query(share(AUTH, FAILED), "failed")
                        .limit("3 * " + lastHour(FAILED) + " / " + lastHour(), "3 × last hour"));
    }

    private static String lastHour(String... matchers) {
        return sum("rate(" + sidecars(AUTH, matchers) + "[1h])");
    }

    private static Row doors() {
        return Row.of(
                "Login and signup",
                Panel.graph(
                                "Answers to logins",
                                Unit.REQUESTS_PER_SECOND,
                                "What the app answered on the login's route. Good: mostly 2xx. 4xx that rises alone is somebody who guesses passwords: tighten the limit on the route.")
                        .query(sum("class", rate(BY_LIMIT, LOGIN)), "{{class}}"),
                Panel.graph(
                                "Answers to signups",
                                Unit.REQUESTS_PER_SECOND,
                                "What the app answered on the signup's route. Good: mostly 2xx. 4xx that rises alone is somebody without an invitation.")
                        .query(sum("class", rate(BY_LIMIT, SIGNUP)), "{{class}}"));
    }
}
