package sluice.limiter.redis;

/** Where a server of Redis listens. */
record RedisAddress(String host, int port) {

    private static final int MOST = 65_535;

    RedisAddress {
        if (host.isEmpty() || port < 1 || port > MOST) {
            throw new IllegalArgumentException("needs a host, and a port from 1 to 65535");
        }
    }

    /**
     * Reads {@code host:port} as Redis announces it: an IPv6 address has no brackets, so the last colon counts.
     *
     * @param answering the host that says so; it means itself when it names none
     * @throws NonsenseException when it is something else
     */
    static RedisAddress announced(String text, String answering) {
        var colon = text.lastIndexOf(':');
        return announced(text.substring(0, Math.max(0, colon)), text.substring(colon + 1), answering);
    }

    static RedisAddress announced(String host, String port, String answering) {
        try {
            return new RedisAddress(host.isEmpty() ? answering : host, Integer.parseInt(port));
        } catch (IllegalArgumentException e) {
            throw new NonsenseException("this is no address");
        }
    }
}
