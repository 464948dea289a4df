package sluice.operator.networks;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class NetworkOwnersTest {

    private static final String NETWORK = "203.0.113.0/24";
    private static final Map<String, AutonomousSystem> KNOWN =
            Map.of(NETWORK, new AutonomousSystem("AS64500", "Example"));

    private final Logger logger = (Logger) LoggerFactory.getLogger(NetworkOwners.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private boolean prometheusAnswers = true;

    @TempDir
    private Path folder;

    @BeforeEach
    void listen() {
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void hearNoMore() {
        logger.detachAppender(logged);
    }

    private NetworkOwners owners() {
        return new NetworkOwners(this::blocked, folder.resolve("asn.mmdb"));
    }

    private List<String> blocked() throws IOException {
        if (!prometheusAnswers) {
            throw new IOException("Prometheus answered 503");
        }
        return List.of(NETWORK);
    }

    private void writeFile() throws IOException {
        Files.write(
                folder.resolve("asn.mmdb"),
                new MmdbFile("ASN").asn(NETWORK, 64500, "Example").bytes());
    }

    @Test
    void saysOnceThatThereIsNoFileAndTakesItUpWhenItComes() throws IOException {
        try (var owners = owners()) {
            owners.look();
            owners.look();
            assertThat(owners.owners()).isEmpty();
            assertThat(logged.list).singleElement().satisfies(line -> {
                assertThat(line.getLevel()).isEqualTo(Level.WARN);
                assertThat(line.getKeyValuePairs().getFirst().value).asString().endsWith("asn.mmdb is not there");
            });

            writeFile();
            owners.look();
            assertThat(owners.owners()).isEqualTo(KNOWN);

            Files.delete(folder.resolve("asn.mmdb"));
            owners.look();
            assertThat(owners.owners()).isEmpty();
            assertThat(logged.list).hasSize(2);
        }
    }

    @Test
    void keepsWhatItKnowsWhilePrometheusDoesNotAnswer() throws IOException {
        writeFile();
        try (var owners = owners()) {
            owners.look();
            prometheusAnswers = false;
            owners.look();
            owners.look();
            assertThat(owners.owners()).isEqualTo(KNOWN);
            assertThat(logged.list)
                    .singleElement()
                    .satisfies(line -> assertThat(line.getKeyValuePairs().getFirst().value)
                            .asString()
                            .contains("Prometheus answered 503"));
        }
    }
}
