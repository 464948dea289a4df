package sluice.limiter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The classes, already linked, and the profiles of methods that the image has for its JVM. A JVM that cannot use them, for instance on
 * another kind of CPU, starts without, only later.
 *
 * @see <a href="https://openjdk.org/jeps/514">JEP 514</a>
 */
final class AotCache {

    private static final Path MAPPINGS = Path.of("/proc/self/maps");

    private AotCache() {}

    /** True when this process has a cache mapped, which a JVM does after it has checked that it fits. */
    static boolean isInUse() {
        try (var mappings = Files.lines(MAPPINGS)) {
            return mappings.anyMatch(mapping -> mapping.endsWith(".aot"));
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }
}
