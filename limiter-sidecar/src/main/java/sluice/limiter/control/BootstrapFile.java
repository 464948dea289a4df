package sluice.limiter.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.limiter.config.ConfigReader;
import sluice.limiter.config.InvalidConfigException;

/** The configuration as a file, read again when its text changes: kubelet swaps a link to the folder around it, editors rename. */
final class BootstrapFile {

    private static final Logger LOG = LoggerFactory.getLogger(BootstrapFile.class);
    private static final long MOST_BYTES = 1 << 20;

    private final Path file;
    private final ConfigReader reader;
    private final ConfigUptake uptake;
    private volatile boolean refused;
    private Optional<String> before = Optional.empty();
    private boolean readBefore;

    BootstrapFile(Path file, ConfigReader reader, ConfigUptake uptake) {
        this.file = file;
        this.reader = reader;
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

    /** True while the file as it is now is refused. */
    boolean isRefused() {
        return refused;
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
            uptake.fromFile(reader.read(text));
            refused = false;
        } catch (InvalidConfigException e) {
            refused = true;
            LOG.warn("{} is refused, what is in force stays: {}", file, e.getMessage());
        }
    }
}
