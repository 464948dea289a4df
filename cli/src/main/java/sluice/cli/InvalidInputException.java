package sluice.cli;

/** Something that was typed or handed over cannot be used; the message says where and what would be right. */
public final class InvalidInputException extends RuntimeException {
    public InvalidInputException(String message) {
        super(message);
    }
}
