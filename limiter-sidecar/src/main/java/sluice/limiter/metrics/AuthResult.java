package sluice.limiter.metrics;

import java.util.Locale;

/** How a request fared with the app's authentication. NONE: there was none, as far as can be seen from outside. */
public enum AuthResult {
    OK,
    MISSING,
    INVALID,
    EXPIRED,
    NONE;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name in metrics and logs. */
    public String label() {
        return label;
    }
}
