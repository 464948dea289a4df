package sluice.limiter.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A configuration's file as it was read, whatever is in it. */
public record FileContent(ByteBuffer bytes) {

    private static final int MOST_BYTES = 1 << 20;

    /** Reads it, a little more than 1 MiB at most. */
    public static FileContent read(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return new FileContent(
                    ByteBuffer.wrap(in.readNBytes(MOST_BYTES + 1)).asReadOnlyBuffer());
        }
    }

    /** Why {@link #read} has failed, in words that go on from the file's name. */
    public static String problem(IOException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "is not there";
            case AccessDeniedException _ -> "cannot be read: permission denied";
            // Whose message begins with the file's name.
            case FileSystemException told -> "cannot be read: " + told.getReason();
            default -> "cannot be read: " + failure.getMessage();
        };
    }

    /**
     * The file's text.
     *
     * @throws InvalidConfigException when it has none, or too much of it
     */
    public String text() {
        if (bytes.remaining() > MOST_BYTES) {
            throw InvalidConfigException.at(Faults.DOCUMENT, "is longer than 1 MiB; no configuration needs so much");
        }
        try {
            return UTF_8.newDecoder().decode(bytes.duplicate()).toString();
        } catch (CharacterCodingException e) {
            throw InvalidConfigException.at(Faults.DOCUMENT, "is not UTF-8; save it as that");
        }
    }
}
