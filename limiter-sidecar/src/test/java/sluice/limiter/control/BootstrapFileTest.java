package sluice.limiter.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import sluice.limiter.config.FileContent;
import sluice.limiter.config.LimiterConfig;
import sluice.limiter.config.LimiterConfigParser;

/** A configuration from the file, as the kubelet changes it. */
class BootstrapFileTest extends StartedRuntime {

    @Test
    void refusesAFileThatIsNoText() throws IOException {
        bootstrap(config(3));
        var sidecar = start(Optional.empty());
        Files.write(folder.resolve("limiter.json"), new byte[] {'{', (byte) 0xe9, '}'});
        await().atMost(PATIENCE).until(sidecar::configRefused);
        assertThat(sidecar.config().current().epoch()).isEqualTo(3);
        bootstrap(config(4));
        await().atMost(PATIENCE).until(() -> !sidecar.configRefused());
        assertThat(sidecar.config().current().epoch()).isEqualTo(4);
    }

    @Test
    void servesWhatWasValidatedThoughTheFileIsEmptyByNow() throws IOException {
        bootstrap(config(3));
        var validated = FileContent.read(folder.resolve("limiter.json"));
        bootstrap("");

        var sidecar = startValidated(validated);

        assertThat(sidecar.config().current().epoch()).isEqualTo(3);
        await().atMost(PATIENCE).until(sidecar::configRefused);
        assertThat(sidecar.config().current().epoch()).isEqualTo(3);
        bootstrap(config(4));
        awaitEpoch(sidecar, 4);
    }

    @Test
    void servesWhatAPipeHasSaidAndSaysThatItIsNotReadAgain() throws Exception {
        bootstrap(config(3));
        var file = folder.resolve("limiter.json");
        var validated = FileContent.read(file);
        Files.delete(file);
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                .isZero();
        var lines = new ListAppender<ILoggingEvent>();
        var log = (Logger) LoggerFactory.getLogger(BootstrapFile.class);
        lines.start();
        log.addAppender(lines);

        var sidecar = startValidated(validated);

        assertThat(sidecar.config().current().epoch()).isEqualTo(3);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(List.copyOf(lines.list))
                        .extracting(ILoggingEvent::getFormattedMessage)
                        .containsExactly(
                                file + " is a pipe or the like, which only a restart reads again: what is in force"
                                        + " stays, at first pass-through"));
        assertThat(sidecar.configRefused()).isFalse();
        Files.delete(file);
        bootstrap(config(4));
        awaitEpoch(sidecar, 4);
        log.detachAppender(lines);
    }

    @Test
    void looksAtTheNextFileWhateverTheOneBeforeDidToItsReader() {
        bootstrap(config(3));
        var sidecar = start(Optional.empty(), InetAddress::getAllByName, text -> {
            if (text.equals("deep")) {
                throw new StackOverflowError();
            }
            return LimiterConfigParser.parse(text);
        });

        bootstrap("deep");
        await().atMost(PATIENCE).until(sidecar::configRefused);
        assertThat(sidecar.config().current().epoch()).isEqualTo(3);

        bootstrap(config(4));
        awaitEpoch(sidecar, 4);
        assertThat(sidecar.configRefused()).isFalse();
    }

    @Test
    void passesThroughUntilABootstrapFileAppears() {
        var sidecar = start(Optional.empty());
        assertThat(sidecar.config().current()).isEqualTo(LimiterConfig.passThrough());
        assertThat(ask(sidecar).revision()).isEqualTo("off");

        bootstrap(config(3));

        awaitEpoch(sidecar, 3);
    }

    @Test
    void keepsWhatItHasWhenTheFileIsWrongOrOlder() {
        bootstrap(config(3));
        var sidecar = start(Optional.empty());
        assertThat(sidecar.config().current().epoch()).isEqualTo(3);

        bootstrap("{");
        bootstrap(config(2));
        bootstrap(config(4));

        awaitEpoch(sidecar, 4);
    }

    @Test
    void followsTheLinksThatKubeletSwaps() throws IOException {
        var data = folder.resolve("..data");
        Files.writeString(Files.createDirectory(folder.resolve("one")).resolve("limiter.json"), config(1));
        Files.writeString(Files.createDirectory(folder.resolve("two")).resolve("limiter.json"), config(2));
        Files.createSymbolicLink(data, folder.resolve("one"));
        Files.createSymbolicLink(folder.resolve("limiter.json"), data.resolve("limiter.json"));
        var sidecar = start(Optional.empty());
        assertThat(sidecar.config().current().epoch()).isEqualTo(1);

        Files.createSymbolicLink(folder.resolve("..next"), folder.resolve("two"));
        Files.move(folder.resolve("..next"), data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

        awaitEpoch(sidecar, 2);
    }
}
