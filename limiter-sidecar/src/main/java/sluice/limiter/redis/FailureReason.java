package sluice.limiter.redis;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why Redis did not decide. */
enum FailureReason {
    TIMEOUT,
    DISCONNECTED,
    /** Redis is a replica, or may not write. */
    READONLY,
    OUT_OF_MEMORY,
    AUTH,
    /** The Secret does not say how to reach Redis. */
    SECRET,
    /** Anything else that Redis said, sense or nonsense. */
    REPLY;

    /** The name in {@code sluice_redis_failures_total}. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** True when another connection may help: to another server behind the same name, or with other credentials. */
    boolean wantsAnotherConnection() {
        return this == READONLY || this == AUTH;
    }

    static FailureReason of(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RedisCommandExecutionException) {
                return ofReply(String.valueOf(cause.getMessage()));
            }
            if (cause instanceof InvalidSecretException) {
                return SECRET;
            }
            if (cause instanceof NonsenseException) {
                return REPLY;
            }
        }
        return DISCONNECTED;
    }

    // Within a script the code may stand behind "ERR Error running script ...", depending on the server's version.
    private static FailureReason ofReply(String message) {
        if (message.contains("READONLY") || message.contains("MISCONF")) {
            return READONLY;
        }
        if (message.contains("OOM ")) {
            return OUT_OF_MEMORY;
        }
        return message.contains("NOAUTH") || message.contains("WRONGPASS") || message.contains("NOPERM") ? AUTH : REPLY;
    }
}
