package sluice.limiter.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A configuration from the operator's stream, and what is answered to it. */
class StreamedConfigTest extends StartedRuntime {

    @Test
    void takesTheStreamsConfigurationUpAndAcknowledgesIt() {
        operator.greetWith(config(5));
        var sidecar = startWithOperator();

        awaitEpoch(sidecar, 5);
        await().atMost(PATIENCE).until(() -> operator.acks().contains("{\"epoch\":5,\"applied\":true}"));

        operator.config(config(6));
        awaitEpoch(sidecar, 6);
        await().atMost(PATIENCE).until(() -> operator.acks().contains("{\"epoch\":6,\"applied\":true}"));
        assertThat(operator.tokens()).containsOnly("Bearer token-1");
    }

    @Test
    void tellsListenersOfEachConfigurationInOrder() {
        operator.greetWith(config(5));
        var sidecar = start(Optional.of(operator.url()));
        var epochs = new CopyOnWriteArrayList<Long>();
        sidecar.config().onChange(config -> epochs.add(config.epoch()));
        awaitEpoch(sidecar, 5);
        operator.config(config(6));
        awaitEpoch(sidecar, 6);

        assertThat(epochs).endsWith(5L, 6L).isSorted();
    }

    @Test
    void refusesABadConfigurationWithTheReasonAndKeepsTheOneBefore() {
        operator.greetWith(config(5));
        var sidecar = startWithOperator();
        awaitEpoch(sidecar, 5);

        operator.config(config(6).replace("\"replicas\": 1", "\"replicas\": 0"));

        await().atMost(PATIENCE)
                .until(() -> operator.acks()
                        .contains("{\"epoch\":6,\"applied\":false,\"reason\":\"replicas: must be at least 1, is 0\"}"));
        assertThat(sidecar.config().current().epoch()).isEqualTo(5);
    }

    @Test
    void ignoresAnOlderEpochAndAcknowledgesTheSameAgain() {
        operator.greetWith(config(5));
        var sidecar = startWithOperator();
        awaitEpoch(sidecar, 5);

        operator.config(config(4));
        operator.config(config(5));

        await().atMost(PATIENCE)
                .until(() -> operator.acks().stream()
                                .filter("{\"epoch\":5,\"applied\":true}"::equals)
                                .count()
                        == 2);
        assertThat(sidecar.config().current().epoch()).isEqualTo(5);
        assertThat(operator.acks()).noneMatch(ack -> ack.contains("\"epoch\":4"));
    }

    @Test
    void aRolloutMadeAnewStartsItsEpochsOver() {
        operator.greetWith(config(5));
        var sidecar = startWithOperator();
        awaitEpoch(sidecar, 5);

        operator.config(config(1).replace("6f0c", "7a1b"));

        awaitEpoch(sidecar, 1);
    }

    @Test
    void acknowledgesAgainOnEveryNewStream() {
        operator.greetWith(config(5));
        startWithOperator();
        await().atMost(PATIENCE).until(() -> operator.acks().size() == 1);

        operator.dropStreams();

        await().atMost(PATIENCE).until(() -> operator.acks().size() == 2);
        assertThat(operator.acks()).containsOnly("{\"epoch\":5,\"applied\":true}");
    }
}
