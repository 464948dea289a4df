package sluice.limiter.config;

/** Reads configurations of one form. */
@FunctionalInterface
public interface ConfigReader {

    /**
     * Reads the text of a file.
     *
     * @throws InvalidConfigException when it cannot be applied as it is
     */
    LimiterConfig read(String text);
}
