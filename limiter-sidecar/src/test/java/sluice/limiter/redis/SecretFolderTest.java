package sluice.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Secret's folder as the kubelet keeps it: files link to {@code ..data}, which links to a folder that is made for each version. */
class SecretFolderTest {

    private static final List<String> FILES = List.of("REDIS_URL", "ca.crt", "tls.crt", "tls.key");
    private static final int SWAPS = 2_000;

    @TempDir
    private Path folder;

    @BeforeEach
    void mount() throws IOException {
        publish(0);
        for (var file : FILES) {
            Files.createSymbolicLink(folder.resolve(file), Path.of("..data", file));
        }
    }

    // New folder, new link, renamed over the old one in one step, old folder removed.
    private void publish(int version) throws IOException {
        var target = Files.createDirectory(folder.resolve("..version-" + version));
        for (var file : FILES) {
            Files.writeString(target.resolve(file), version + "\n");
        }
        var link = Files.createSymbolicLink(folder.resolve("..data_tmp"), target.getFileName());
        Files.move(link, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        if (version > 0) {
            var old = folder.resolve("..version-" + (version - 1));
            for (var file : FILES) {
                Files.delete(old.resolve(file));
            }
            Files.delete(old);
        }
    }

    private void swapAll() {
        try {
            for (var version = 1; version <= SWAPS; version++) {
                publish(version);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isOfOneVersion(Map<String, String> found) {
        return found.keySet().containsAll(FILES)
                && found.values().stream().distinct().count() == 1;
    }

    @Test
    void aReadAcrossASwapNeverMixesOldAndNew() throws IOException {
        var swapping = CompletableFuture.runAsync(this::swapAll);
        var reads = 0;
        while (!swapping.isDone()) {
            try {
                var found = SecretFolder.read(folder, FILES).texts();
                assertThat(isOfOneVersion(found)).as("%s", found).isTrue();
                reads++;
            } catch (IOException e) {
                // Swapped ten times within one read: told, not mixed.
                assertThat(e).hasMessageContaining("change");
            }
        }
        swapping.join();

        assertThat(reads).isPositive();
        assertThat(SecretFolder.read(folder, FILES).texts()).containsValues(Integer.toString(SWAPS));
    }

    @Test
    void aFileThatIsMissingOrEmptyIsNotGiven(@TempDir Path plain) throws IOException {
        Files.writeString(plain.resolve("REDIS_URL"), " redis://redis:6379\n");
        Files.writeString(plain.resolve("ca.crt"), "\n");

        assertThat(SecretFolder.read(plain, FILES))
                .isEqualTo(new SecretFolder.Contents(Map.of("REDIS_URL", "redis://redis:6379"), Set.of()));
        assertThat(SecretFolder.read(plain.resolve("missing"), FILES))
                .isEqualTo(new SecretFolder.Contents(Map.of(), Set.of()));
    }
}
