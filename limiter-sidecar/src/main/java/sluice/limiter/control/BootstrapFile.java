package sluice.limiter.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.limiter.config.InvalidConfigException;
import sluice.limiter.config.LimiterConfigParser;

/** The mounted bootstrap configuration, read again when its text changes: kubelet swaps a link to the folder around it. */
final class BootstrapFile {

    private static final Logger LOG = LoggerFactory.getLogger(BootstrapFile.class);
    private static final long MOST_BYTES = 1 << 20;

    private final Path file;
    private final ConfigUptake uptake;
    private Optional<String> before = Optional.empty();
    private boolean readBefore;

    BootstrapFile(Path file, ConfigUptake uptake) {
        this.file = file;
        this.uptake = uptake;
    }

    /** Reads the file; says what is wrong with it once. */
    void poll() {
        var text = read();
        if (readBefore && text.equals(before)) {
            return;
        }
        readBefore = true;
        before = text;
        text.ifPresentOrElse(
                this::take, () -> LOG.warn("{} is not there: what is in force stays, at first pass-through", file));
    }

    private Optional<String> read() {
        try {
            return Files.size(file) > MOST_BYTES ? Optional.of("too long") : Optional.of(Files.readString(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void take(String text) {
        try {
            uptake.fromFile(LimiterConfigParser.parse(text));
        } catch (InvalidConfigException e) {
            LOG.warn("{} is refused, what is in force stays: {}", file, e.getMessage());
        }
    }
}
