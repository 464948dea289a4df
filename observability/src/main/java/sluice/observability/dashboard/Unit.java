package sluice.observability.dashboard;

import java.util.List;
import java.util.Locale;

/** What values are in. */
public enum Unit {
    /** 0 to 1, shown as percent. */
    RATIO("percentunit"),
    /** 0 to 100. */
    PERCENT("percent"),
    SECONDS("s"),
    REQUESTS_PER_SECOND("reqps"),
    PER_SECOND("ops"),
    BYTES("bytes"),
    /** CPU cores in use. */
    CORES("none"),
    /** How many times as much as usual. */
    TIMES("none"),
    COUNT("short");

    /**
     * What values of a size are written in.
     *
     * @param factor what one of it is, in the unit itself
     */
    public record Spelling(double factor, String suffix) {

        /** For people, in about three digits. */
        public String format(double value) {
            return number(value / factor) + suffix;
        }
    }

    private static final double KIBI = 1024;
    private static final List<Spelling> TIMES_OF_DAY =
            List.of(new Spelling(86_400, " d"), new Spelling(3_600, " h"), new Spelling(60, " min"));
    private static final double MANY = 2;

    private final String grafana;

    Unit(String grafana) {
        this.grafana = grafana;
    }

    /** Grafana's name for it. */
    public String grafana() {
        return grafana;
    }

    /** For people, in about three digits. */
    public String format(double value) {
        return spelling(value).format(value);
    }

    /** How values up to this one are best written. */
    public Spelling spelling(double value) {
        return switch (this) {
            case RATIO -> new Spelling(0.01, " %");
            case PERCENT -> new Spelling(1, " %");
            case SECONDS -> seconds(Math.abs(value));
            case REQUESTS_PER_SECOND -> new Spelling(1, " req/s");
            case PER_SECOND -> new Spelling(1, " /s");
            case BYTES -> bytes(Math.abs(value));
            case CORES -> new Spelling(1, " cores");
            case TIMES -> new Spelling(1, " ×");
            case COUNT -> new Spelling(1, "");
        };
    }

    private static Spelling seconds(double size) {
        if (size == 0 || size >= 1) {
            return TIMES_OF_DAY.stream()
                    .filter(time -> size >= MANY * time.factor())
                    .findFirst()
                    .orElse(new Spelling(1, " s"));
        }
        return size >= 1e-3 ? new Spelling(1e-3, " ms") : new Spelling(1e-6, " µs");
    }

    private static Spelling bytes(double size) {
        if (size >= KIBI * KIBI * KIBI) {
            return new Spelling(KIBI * KIBI * KIBI, " GiB");
        }
        return size >= KIBI * KIBI ? new Spelling(KIBI * KIBI, " MiB") : new Spelling(KIBI, " KiB");
    }

    private static String number(double value) {
        var size = Math.abs(value);
        var digits = size >= 100 || size == Math.rint(size) ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 3;
        var text = String.format(Locale.ROOT, "%,." + digits + "f", value);
        return digits == 0 ? text : text.replaceFirst("\\.?0+$", "");
    }
}
