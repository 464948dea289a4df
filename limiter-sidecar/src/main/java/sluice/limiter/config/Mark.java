package sluice.limiter.config;

/** A place in a text; both count from 1. */
public record Mark(int line, int column) {

    @Override
    public String toString() {
        return line + ":" + column;
    }
}
