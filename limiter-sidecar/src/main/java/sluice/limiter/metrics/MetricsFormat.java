package sluice.limiter.metrics;

import java.util.Locale;

/** How the metrics are written. Prometheus asks for the newer format, which alone has exemplars; whoever does not ask gets the older. */
public enum MetricsFormat {
    /** The Prometheus text format. */
    TEXT("text/plain", "0.0.4"),
    /** OpenMetrics 1.0. */
    OPEN_METRICS("application/openmetrics-text", "1.0.0");

    private final String type;
    private final String version;

    MetricsFormat(String type, String version) {
        this.type = type;
        this.version = version;
    }

    /** The value of {@code Content-Type}. */
    public String contentType() {
        return type + "; version=" + version + "; charset=utf-8";
    }

    /** What an {@code Accept} header prefers; the older when it does not say (RFC 9110, section 12.5.1). */
    public static MetricsFormat preferredBy(String accept) {
        var best = TEXT;
        var bestQuality = 0.0;
        for (var range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
            for (var format : values()) {
                var quality = format.quality(range);
                if (quality > bestQuality) {
                    best = format;
                    bestQuality = quality;
                }
            }
        }
        return best;
    }

    /** 0 when it is another's, or one that is not wanted. */
    private double quality(String range) {
        var parts = range.split(";", -1);
        if (!parts[0].strip().equals(type)) {
            return 0;
        }
        var quality = 1.0;
        for (var i = 1; i < parts.length; i++) {
            var parameter = parts[i].strip();
            if (parameter.startsWith("version=") && !parameter.equals("version=" + version)) {
                return 0;
            }
            if (parameter.matches("q=[01](\\.\\d{0,3})?")) {
                quality = Double.parseDouble(parameter.substring(2));
            }
        }
        return quality;
    }
}
