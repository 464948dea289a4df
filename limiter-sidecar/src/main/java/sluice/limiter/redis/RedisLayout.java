package sluice.limiter.redis;

import java.util.List;

/** How the servers of one Redis stand together. */
sealed interface RedisLayout {

    /** One server, or something that looks like one. */
    record Standalone(RedisAddress server) implements RedisLayout {}

    /** One master at a time; the sentinels know which. */
    record Sentinel(List<RedisAddress> sentinels, String master) implements RedisLayout {}

    /** Several masters, each with some of the hash slots; any server knows which. */
    record Cluster(List<RedisAddress> seeds) implements RedisLayout {}
}
