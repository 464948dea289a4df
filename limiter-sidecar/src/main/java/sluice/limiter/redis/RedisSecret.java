package sluice.limiter.redis;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How to reach Redis, as the mounted Secret says it; docs/redis.md describes its keys. Never shown: not by {@link #toString}, not in a
 * message of an error.
 */
record RedisSecret(SecretFolder.Contents files) {

    static final String URL = "REDIS_URL";
    static final String TLS = "REDIS_TLS";
    static final String SENTINEL_USER = "REDIS_SENTINEL_USERNAME";
    static final String SENTINEL_PASSWORD = "REDIS_SENTINEL_PASSWORD";
    static final String AUTHORITY = "ca.crt";
    static final String CERTIFICATE = "tls.crt";
    static final String KEY = "tls.key";

    private static final List<String> KEYS =
            List.of(URL, TLS, SENTINEL_USER, SENTINEL_PASSWORD, AUTHORITY, CERTIFICATE, KEY);

    /**
     * Reads the folder; empty without a {@code REDIS_URL}, unless some key is there and cannot be read.
     *
     * @throws IOException when its files never stay as they are for as long as it takes to read them
     */
    static Optional<RedisSecret> read(Path folder) throws IOException {
        return Optional.of(new RedisSecret(SecretFolder.read(folder, KEYS)))
                .filter(secret -> secret.text(URL).isPresent()
                        || !secret.files.unreadable().isEmpty());
    }

    Optional<String> text(String key) {
        return Optional.ofNullable(files.texts().get(key));
    }

    /**
     * What it says, understood.
     *
     * @throws InvalidSecretException naming the key that is wrong, without its value
     */
    RedisAccess access() {
        requireReadable();
        var url = RedisUrl.parse(text(URL).orElse(""));
        var sentinels = sentinelCredentials(url);
        var encrypts = encrypts() || url.encrypted();
        return new RedisAccess(url, sentinels, RedisTls.context(this, encrypts, url.verifiesHost()));
    }

    // One that was taken for absent would send the password in plain text, or trust what it was to keep out.
    private void requireReadable() {
        var keys = KEYS.stream().filter(files.unreadable()::contains).toList();
        if (!keys.isEmpty()) {
            throw new InvalidSecretException(
                    String.join(", ", keys) + " cannot be read: it must be a text in UTF-8, readable for the sidecar");
        }
    }

    private RedisCredentials sentinelCredentials(RedisUrl url) {
        var user = text(SENTINEL_USER);
        var password = text(SENTINEL_PASSWORD);
        if (user.isPresent() && password.isEmpty()) {
            throw new InvalidSecretException("REDIS_SENTINEL_USERNAME needs REDIS_SENTINEL_PASSWORD beside it");
        }
        if (password.isPresent() && !(url.layout() instanceof RedisLayout.Sentinel)) {
            throw new InvalidSecretException(
                    "REDIS_SENTINEL_PASSWORD is for sentinels: REDIS_URL must start with redis-sentinel:// or"
                            + " rediss-sentinel://, or the key go");
        }
        return new RedisCredentials(user, password);
    }

    // Anything but these two may have meant to encrypt: a typing error must not send the password in plain text.
    private boolean encrypts() {
        return switch (text(TLS).orElse("false").toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new InvalidSecretException("REDIS_TLS must be true or false");
        };
    }

    /** What is wrong with it, by the keys' names. */
    Optional<String> problem() {
        try {
            access();
            return Optional.empty();
        } catch (InvalidSecretException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public String toString() {
        return "RedisSecret[redacted]";
    }
}
