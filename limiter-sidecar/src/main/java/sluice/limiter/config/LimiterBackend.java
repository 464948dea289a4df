package sluice.limiter.config;

/** Where a limiter keeps its buckets. */
public enum LimiterBackend {
    /** Nowhere: everything passes. */
    OFF,
    /** In this process: every pod has the whole limit for itself. */
    MEMORY,
    /** In Redis: all pods share the limit. */
    REDIS
}
