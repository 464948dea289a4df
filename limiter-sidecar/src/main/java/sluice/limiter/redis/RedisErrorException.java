package sluice.limiter.redis;

/** Redis refuses, and says why: a code such as {@code NOSCRIPT}, and words. */
final class RedisErrorException extends RuntimeException {

    private final String reply;

    RedisErrorException(String reply) {
        // Where it is made says nothing.
        super(reply, null, false, false);
        this.reply = reply;
    }

    String reply() {
        return reply;
    }

    boolean isNoScript() {
        return reply.startsWith("NOSCRIPT");
    }
}
