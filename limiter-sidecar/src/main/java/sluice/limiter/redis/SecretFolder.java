package sluice.limiter.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A mounted Secret's files as they were at one moment. The kubelet puts them into a new folder and points the link {@code ..data} there; a
 * read that this happened to is read again, so that no password meets another one's certificate.
 */
final class SecretFolder {

    private static final String CURRENT = "..data";
    private static final int MOST_READS = 10;

    private SecretFolder() {}

    /**
     * What was found.
     *
     * @param texts of the files that are there, stripped, and not empty
     * @param unreadable the files that are there and cannot be read, or are no text in UTF-8
     */
    record Contents(Map<String, String> texts, Set<String> unreadable) {
        @Override
        public String toString() {
            return "Contents[redacted]";
        }
    }

    /**
     * The contents of {@code files}.
     *
     * @throws IOException when the files never stay as they are for as long as it takes to read them
     */
    static Contents read(Path folder, List<String> files) throws IOException {
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

    private static Contents contents(Path folder, List<String> files) {
        var texts = new HashMap<String, String>();
        var unreadable = new HashSet<String>();
        for (var file : files) {
            try {
                var text = Files.readString(folder.resolve(file)).strip();
                if (!text.isEmpty()) {
                    texts.put(file, text);
                }
            } catch (NoSuchFileException e) {
                // Not given.
            } catch (IOException e) {
                unreadable.add(file);
            }
        }
        return new Contents(Map.copyOf(texts), Set.copyOf(unreadable));
    }
}
