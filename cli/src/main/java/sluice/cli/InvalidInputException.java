package sluice.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Something that was typed or handed over cannot be used; the message says where and what would be right. */
public final class InvalidInputException extends RuntimeException {
    public InvalidInputException(String message) {
        super(message);
    }

    /** For a file that cannot be read. */
    public static InvalidInputException unreadable(Path file, IOException problem) {
        String why = switch (problem) {
            case NoSuchFileException _ -> "there is no such file";
            case AccessDeniedException _ -> "it may not be read; look at its permissions";
            case CharacterCodingException _ -> "it is not in UTF-8; save it in that";
            default -> "it cannot be read: " + problem.getMessage();
        };
        return new InvalidInputException(file + ": " + why);
    }
}
