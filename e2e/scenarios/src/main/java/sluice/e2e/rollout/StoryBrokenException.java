package sluice.e2e.rollout;

/** What should have happened did not. */
public final class StoryBrokenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StoryBrokenException(String message) {
        super(message);
    }
}
