package sluice.cli.readiness;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** That nobody has looked at TLS to Prometheus, with how the run's own was reached. */
record PrometheusByTls() implements Proof {
    private static final String CHART = "definitions/chart.yaml";
    private static final Pattern PROVIDER = Pattern.compile("providers:\\s*\\n(?:.*\\n){0,20}?\\s*url: \"?(\\w+)://");

    @Override
    public String command() {
        return "";
    }

    @Override
    public Found look(Evidence evidence) {
        String no = "no test and no request looks at this";
        return new Found(
                Outcome.NOT_RUN,
                scheme(evidence)
                        .map(scheme -> "the run's Prometheus was asked by %s, and %s".formatted(scheme, no))
                        .orElse(no));
    }

    private static Optional<String> scheme(Evidence evidence) {
        return evidence.text(CHART)
                .map(PROVIDER::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1).equals("https") ? "HTTPS" : "plain HTTP, without TLS");
    }
}
