package sluice.limiter.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A mounted Secret's files as they were at one moment. The kubelet puts them into a new folder and points the link {@code ..data} there; a
 * read that this happened to is read again, so that no password meets another one's certificate.
 */
final class SecretFolder {

    private static final String CURRENT = "..data";
    private static final int MOST_READS = 10;

    private SecretFolder() {}

    /**
     * The contents of those of {@code files} that are there, stripped, and not empty.
     *
     * @throws IOException when the files never stay as they are for as long as it takes to read them
     */
    static Map<String, String> read(Path folder, List<String> files) throws IOException {
        for (var read = 0; read < MOST_READS; read++) {
            var current = current(folder);
            var found = contents(current, files);
            if (current.equals(current(folder))) {
                return found;
            }
        }
        throw new IOException("the files change all the time");
    }

    /** Where the link points to, there by now or not any more; {@code folder} itself when it has no link. */
    private static Path current(Path folder) {
        try {
            return folder.resolve(Files.readSymbolicLink(folder.resolve(CURRENT)));
        } catch (IOException e) {
            return folder;
        }
    }

    private static Map<String, String> contents(Path folder, List<String> files) {
        var found = new HashMap<String, String>();
        for (var file : files) {
            try {
                var text = Files.readString(folder.resolve(file)).strip();
                if (!text.isEmpty()) {
                    found.put(file, text);
                }
            } catch (IOException e) {
                // Not there, or not to be read: the same as not given.
            }
        }
        return Map.copyOf(found);
    }
}
