package sluice.limiter.control;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.limiter.config.ConfigReader;
import sluice.limiter.config.FileContent;
import sluice.limiter.config.InvalidConfigException;

/** The configuration as a file, read again when it changes: kubelet swaps a link to the folder around it, editors rename. */
final class BootstrapFile {

    private static final Logger LOG = LoggerFactory.getLogger(BootstrapFile.class);

    private final Path file;
    private final ConfigReader reader;
    private final ConfigUptake uptake;
    private volatile boolean refused;
    private Optional<FileContent> before = Optional.empty();
    private boolean readBefore;

    BootstrapFile(Path file, ConfigReader reader, ConfigUptake uptake) {
        this.file = file;
        this.reader = reader;
        this.uptake = uptake;
    }

    /** Reads the file; says what is wrong with it once. */
    void poll() {
        var content = read();
        if (readBefore && content.equals(before)) {
            return;
        }
        readBefore = true;
        before = content;
        content.ifPresentOrElse(
                this::take, () -> LOG.warn("{} is not there: what is in force stays, at first pass-through", file));
    }

    /** True while the file as it is now is refused. */
    boolean isRefused() {
        return refused;
    }

    private Optional<FileContent> read() {
        try {
            return Optional.of(FileContent.read(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void take(FileContent content) {
        var taken = false;
        try {
            uptake.fromFile(reader.read(content.text()));
            taken = true;
        } catch (InvalidConfigException e) {
            LOG.warn("{} is refused, what is in force stays: {}", file, e.getMessage());
        } finally {
            // Whatever was thrown: the file is not looked at again before it changes.
            refused = !taken;
        }
    }
}
