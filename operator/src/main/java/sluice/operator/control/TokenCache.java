package sluice.operator.control;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import sluice.operator.Sha256;

/**
 * Remembers for a minute which pod a token was made for, by the token's hash, so that a reconnect does not cost a TokenReview each. Bounded
 * in entries and in reviews at a time.
 */
public final class TokenCache implements TokenVerifier {

    private static final Duration KEEP = Duration.ofSeconds(60);
    private static final int MOST_ENTRIES = 10_000;
    private static final int MOST_REVIEWS = 16;
    private static final int LONGEST_TOKEN = 8 * 1024;

    private record Checked(Optional<PodIdentity> pod, long checkedAt) {}

    private final TokenVerifier verifier;
    private final LongSupplier nanoTime;
    private final Semaphore reviews = new Semaphore(MOST_REVIEWS);
    private final Map<String, Checked> entries = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Checked> eldest) {
            return size() > MOST_ENTRIES;
        }
    };

    public TokenCache(TokenVerifier verifier) {
        this(verifier, System::nanoTime);
    }

    TokenCache(TokenVerifier verifier, LongSupplier nanoTime) {
        this.verifier = verifier;
        this.nanoTime = nanoTime;
    }

    @Override
    public Optional<PodIdentity> verify(String token) {
        if (token.isEmpty() || token.length() > LONGEST_TOKEN) {
            return Optional.empty();
        }
        var hash = Sha256.of(token);
        return known(hash).map(Checked::pod).orElseGet(() -> review(hash, token));
    }

    private Optional<PodIdentity> review(String hash, String token) {
        reviews.acquireUninterruptibly();
        try {
            var checkedAt = nanoTime.getAsLong();
            var pod = verifier.verify(token);
            synchronized (entries) {
                // Removed first, so that the order of the map is the order of age.
                entries.remove(hash);
                entries.put(hash, new Checked(pod, checkedAt));
            }
            return pod;
        } finally {
            reviews.release();
        }
    }

    private Optional<Checked> known(String hash) {
        synchronized (entries) {
            return Optional.ofNullable(entries.get(hash))
                    .filter(entry -> nanoTime.getAsLong() - entry.checkedAt() < KEEP.toNanos());
        }
    }
}
