package sluice.limiter.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.limiter.config.ConfigReader;
import sluice.limiter.config.FileContent;
import sluice.limiter.config.InvalidConfigException;

/** The configuration as a file, read again when it changes: kubelet swaps a link to the folder around it, editors rename. */
final class BootstrapFile {

    private static final Logger LOG = LoggerFactory.getLogger(BootstrapFile.class);

    /** What a look at the file has found. */
    private sealed interface Found {
        record Content(FileContent content) implements Found {}

        record Nothing(String why) implements Found {}
    }

    private final Path file;
    private final ConfigReader reader;
    private final ConfigUptake uptake;
    private volatile boolean refused;
    private Optional<Found> before = Optional.empty();

    BootstrapFile(Path file, ConfigReader reader, ConfigUptake uptake) {
        this.file = file;
        this.reader = reader;
        this.uptake = uptake;
    }

    /** Takes up what the file said when it was validated, or else what it says now. */
    void start(Optional<FileContent> validated) {
        follow(validated.<Found>map(Found.Content::new).orElseGet(this::look));
    }

    /** Reads the file; says what is wrong with it once. */
    void poll() {
        follow(look());
    }

    private void follow(Found found) {
        if (before.equals(Optional.of(found))) {
            return;
        }
        before = Optional.of(found);
        switch (found) {
            case Found.Content(var content) -> take(content);
            case Found.Nothing(var why) -> LOG.warn("{} {}: what is in force stays, at first pass-through", file, why);
        }
    }

    /** True while the file as it is now is refused. */
    boolean isRefused() {
        return refused;
    }

    private Found look() {
        try {
            return isPipe()
                    ? new Found.Nothing("is a pipe or the like, which only a restart reads again")
                    : new Found.Content(FileContent.read(file));
        } catch (IOException e) {
            return new Found.Nothing(FileContent.problem(e));
        }
    }

    // Who opens one waits until somebody writes, for ever perhaps.
    private boolean isPipe() throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).isOther();
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
