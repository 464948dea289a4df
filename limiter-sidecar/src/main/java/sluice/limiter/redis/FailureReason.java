package sluice.limiter.redis;

import io.netty.handler.codec.redis.RedisCodecException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why Redis did not decide. */
enum FailureReason {
    TIMEOUT,
    DISCONNECTED,
    /** One of the two does not accept the other's certificate, or Redis does not speak TLS. */
    TLS,
    /** Redis is a replica, or may not write. */
    READONLY,
    OUT_OF_MEMORY,
    AUTH,
    /** The Secret does not say how to reach Redis. */
    SECRET,
    /** The sentinels do not know the master that the Secret names. */
    SENTINEL,
    /** A cluster's server does not have the keys, or is giving them away at this moment. */
    MOVED,
    /** A cluster does not serve these keys. */
    CLUSTER_DOWN,
    /** Anything else that Redis said, sense or nonsense. */
    REPLY;

    private static final List<String> READ_ONLY = List.of("READONLY", "MISCONF", "NOREPLICAS", "MASTERDOWN");
    private static final List<String> MOVING = List.of("MOVED ", "ASK ", "TRYAGAIN");

    /** The name in {@code sluice_redis_failures_total}. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What a person must mend, where the name alone does not say it. */
    String remedy() {
        return this == TLS
                ? "; see that Redis speaks TLS at this port, that its certificate is for the host in the Secret, in force and signed by"
                        + " ca.crt, and, when it asks for one, that tls.crt is in force and of an authority that it trusts"
                : "";
    }

    /** True when another connection may help: to another server behind the same name, or with other credentials. */
    boolean wantsAnotherConnection() {
        return this == READONLY || this == AUTH;
    }

    /** True when the server is well, and only has not these keys: nothing that its breaker should know of. */
    boolean isOfTheKeys() {
        return this == MOVED;
    }

    /** True when the servers may have changed places. */
    boolean wantsAnotherMap() {
        return switch (this) {
            case DISCONNECTED, TLS, READONLY, MOVED, CLUSTER_DOWN -> true;
            case TIMEOUT, OUT_OF_MEMORY, AUTH, SECRET, SENTINEL, REPLY -> false;
        };
    }

    static FailureReason of(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RedisErrorException refused) {
                return ofReply(refused.reply());
            }
            if (cause instanceof InvalidSecretException) {
                return SECRET;
            }
            if (cause instanceof NonsenseException || cause instanceof RedisCodecException) {
                return REPLY;
            }
            if (cause instanceof NotMasterException) {
                return READONLY;
            }
            if (cause instanceof UnknownMasterException) {
                return SENTINEL;
            }
            // Silence says nothing of certificates.
            if (cause instanceof SSLException && !(cause instanceof SslHandshakeTimeoutException)) {
                return TLS;
            }
        }
        return DISCONNECTED;
    }

    // Within a script the code may stand behind "ERR Error running script ...", depending on the server's version.
    private static FailureReason ofReply(String message) {
        if (READ_ONLY.stream().anyMatch(message::contains)) {
            return READONLY;
        }
        if (MOVING.stream().anyMatch(message::startsWith)) {
            return MOVED;
        }
        if (message.startsWith("CLUSTERDOWN")) {
            return CLUSTER_DOWN;
        }
        if (message.contains("OOM ")) {
            return OUT_OF_MEMORY;
        }
        return message.contains("NOAUTH") || message.contains("WRONGPASS") || message.contains("NOPERM") ? AUTH : REPLY;
    }
}
