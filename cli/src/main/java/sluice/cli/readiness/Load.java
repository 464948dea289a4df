package sluice.cli.readiness;

import java.util.Optional;

/** The loads of a run, in the order of the report. */
enum Load {
    BURST("burst", "burst, Redis"),
    SUSTAINED("sustained", "sustained, Redis"),
    BURST_FALLBACK("burst-fallback", "burst, Redis killed"),
    FALLBACK("fallback", "sustained, Redis killed"),
    BURST_WITHOUT("burst-without", "burst, no sidecar"),
    WITHOUT("without", "sustained, no sidecar");

    final String key;
    final String title;

    Load(String key, String title) {
        this.key = key;
        this.title = title;
    }

    String file() {
        return "load/" + key + ".json";
    }

    /** The same without a sidecar, which it is held against; empty where it has none itself, and no bounds. */
    Optional<Load> without() {
        return switch (this) {
            case BURST, BURST_FALLBACK -> Optional.of(BURST_WITHOUT);
            case SUSTAINED, FALLBACK -> Optional.of(WITHOUT);
            case BURST_WITHOUT, WITHOUT -> Optional.empty();
        };
    }

    /** Without Redis each sidecar has its share of a limit: a caller that one of them sees alone is limited early. */
    boolean boundsThrottled() {
        return this == BURST || this == SUSTAINED;
    }
}
