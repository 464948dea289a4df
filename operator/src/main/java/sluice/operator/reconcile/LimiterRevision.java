package sluice.operator.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import sluice.operator.Sha256;
import sluice.operator.api.v1alpha1.Backend;
import sluice.operator.api.v1alpha1.InitialLimiter;
import sluice.operator.rollout.Limiter;

/** Names a limiter by its content: the same limiter has the same revision however its YAML was ordered. */
final class LimiterRevision {
    private static final int DIGITS = 10;
    private static final JsonMapper CANONICAL = JsonMapper.builder()
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private LimiterRevision() {}

    static Limiter of(sluice.operator.api.v1alpha1.Limiter limiter) {
        String text = canonical(limiter);
        return new Limiter(named(text), text);
    }

    /** Whether the limiter is called by its content. */
    static boolean fits(Limiter limiter) {
        return limiter.equals(Limiter.OFF) || limiter.revision().equals(named(limiter.text()));
    }

    private static String named(String text) {
        return Sha256.of(text).substring(0, DIGITS);
    }

    /** What the stable arm has before the first promotion. */
    static Limiter initial(InitialLimiter initial, sluice.operator.api.v1alpha1.Limiter limiter) {
        return switch (initial) {
            case OFF -> Limiter.OFF;
            case MEMORY -> of(inMemory(limiter));
        };
    }

    private static sluice.operator.api.v1alpha1.Limiter inMemory(sluice.operator.api.v1alpha1.Limiter limiter) {
        return new sluice.operator.api.v1alpha1.Limiter(
                Backend.MEMORY,
                null,
                limiter.limits(),
                limiter.identity(),
                limiter.exempt(),
                limiter.waf(),
                limiter.enforcement(),
                limiter.legacyHeaders());
    }

    private static String canonical(sluice.operator.api.v1alpha1.Limiter limiter) {
        try {
            return CANONICAL.writeValueAsString(limiter);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("spec.limiter cannot be written as JSON", e);
        }
    }
}
