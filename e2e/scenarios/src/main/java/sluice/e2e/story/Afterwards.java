package sluice.e2e.story;

/**
 * What has to be undone whatever happens meanwhile. In the head of a {@code try}, and not in a {@code finally}: should undoing it fail as well, what
 * failed first is still what is told.
 */
@FunctionalInterface
public interface Afterwards extends AutoCloseable {
    @Override
    void close();
}
