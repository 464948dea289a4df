package sluice.operator.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.operator.rollout.Scope;
import sluice.operator.rollout.Signal;

class QueriesTest {
    private static final Selector SERVICE = Selector.service("apps", "api");
    private static final Duration WINDOW = Duration.ofMinutes(1);

    @Test
    void everyQueryCarriesTheNamespaceAndTheRolloutInEverySelector() {
        for (Signal.BuiltIn signal : Signal.BuiltIn.values()) {
            for (Scope scope : Scope.values()) {
                Selector selector = SERVICE.in(scope, "1111111111");
                for (String query : List.of(
                        Queries.value(signal, selector, WINDOW),
                        Queries.traffic(signal, selector, WINDOW),
                        Queries.requests(selector, WINDOW),
                        Queries.responsesDuring(selector, WINDOW),
                        Queries.errorsDuring(selector, WINDOW),
                        Queries.busiestIdentity(selector, WINDOW),
                        Queries.scraped(selector, WINDOW))) {
                    assertThat(query.split("\\{", -1).length)
                            .isEqualTo(query.split("\\{namespace=\"apps\",rollout=\"api\"", -1).length);
                }
            }
        }
    }

    @Test
    void theCandidateIsItsArmAndItsRevision() {
        assertThat(SERVICE.in(Scope.CANDIDATE, "1111111111").of("m"))
                .isEqualTo("m{namespace=\"apps\",rollout=\"api\",arm=\"candidate\",revision=\"1111111111\"}");
    }

    @Test
    void theStableArmIsOfAnyRevision() {
        assertThat(SERVICE.in(Scope.STABLE, "").of("m"))
                .isEqualTo("m{namespace=\"apps\",rollout=\"api\",arm=\"stable\"}");
    }

    @Test
    void aLabelValueCannotLeaveItsQuotes() {
        assertThat(Selector.service("a\"} or vector(1) #", "b\\\n").of("m"))
                .isEqualTo("m{namespace=\"a\\\"} or vector(1) #\",rollout=\"b\\\\\\n\"}");
    }

    @Test
    void errorsAreTheShareOf5xx() {
        assertThat(Queries.value(Signal.BuiltIn.ERROR_RATIO, SERVICE, WINDOW))
                .isEqualTo(
                        "sum(rate(sluice_app_responses_total{namespace=\"apps\",rollout=\"api\",class=\"5xx\"}[60s]))"
                                + " / (sum(rate(sluice_app_responses_total{namespace=\"apps\",rollout=\"api\"}[60s])) > 0)");
    }

    @Test
    void ratesUseFourScrapesButAtLeastAMinute() {
        assertThat(provider(5).rateWindow()).isEqualTo(Duration.ofMinutes(1));
        assertThat(provider(15).rateWindow()).isEqualTo(Duration.ofMinutes(1));
        assertThat(provider(30).rateWindow()).isEqualTo(Duration.ofMinutes(2));
    }

    private static PrometheusProvider provider(long seconds) {
        return new PrometheusProvider(URI.create("http://localhost:9090"), Duration.ofSeconds(seconds));
    }
}
