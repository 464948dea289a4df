package sluice.operator.admission;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import sluice.operator.Sha256;
import sluice.operator.api.v1alpha1.RateLimitRollout;

/** The pod template's label that asks for a sidecar; its value changes with everything that is fixed when a pod is created. */
public final class InjectionLabel {

    private static final String KEY = "sluice.dev/limiter";
    private static final int HASH_LENGTH = 8;

    /** Grows when what is injected changes in a way that running pods must follow. */
    private static final String LAYOUT = "1";

    private InjectionLabel() {}

    /** The label's key. */
    public static String key() {
        return KEY;
    }

    /**
     * {@code <rollout name>.<8 hex of what is fixed at CREATE>}: layout, image, stream address, port and the Secrets of {@code
     * spec.limiter}. Those of status are not in it: whatever they name was in spec when its pods were rolled, and a promotion must
     * roll none.
     */
    public static String valueFor(RateLimitRollout rollout, InjectionSettings settings) {
        var fixedAtCreate = Stream.concat(
                        Stream.of(
                                LAYOUT,
                                settings.image(),
                                settings.controlUrl(),
                                rollout.getSpec().port()),
                        MountedSecrets.ofSpec(rollout).stream())
                .collect(Collectors.joining("\n"));
        return rollout.getMetadata().getName() + "." + Sha256.of(fixedAtCreate).substring(0, HASH_LENGTH);
    }

    /** The rollout's name out of a label's value. A name may have dots itself, so the last one counts. */
    public static String rolloutName(String value) {
        var end = value.lastIndexOf('.');
        return end < 0 ? value : value.substring(0, end);
    }
}
