package sluice.observability.dashboard;

/** From this value on, up to the next threshold, it is so. */
public record Threshold(double from, Level level) {

    /** How things are. */
    public enum Level {
        GOOD("green"),
        WARNING("orange"),
        BAD("red");

        private final String color;

        Level(String color) {
            this.color = color;
        }

        /** As Grafana calls it. */
        public String color() {
            return color;
        }
    }

    /** Whether it is where the scale begins, rather than a value that somebody has chosen. */
    public boolean isBase() {
        return Double.isInfinite(from);
    }
}
