package sluice.operator.admission;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/**
 * What the operator's own configuration says about every injected sidecar.
 *
 * @param image the sidecar's image
 * @param imagePullPolicy {@code Always}, {@code IfNotPresent} or {@code Never}
 * @param controlUrl where sidecars find the config stream, for example {@code https://sluice-control.sluice-system.svc:9443}
 * @param resources what the sidecar asks of its node
 * @param drainSeconds how long an app container without a preStop hook of its own waits before it is stopped, 1 to 60
 */
public record InjectionSettings(
        String image, String imagePullPolicy, String controlUrl, SidecarResources resources, int drainSeconds) {

    public static final int DEFAULT_DRAIN_SECONDS = 10;

    private static final int LONGEST_DRAIN_SECONDS = 60;
    private static final Set<String> PULL_POLICIES = Set.of("Always", "IfNotPresent", "Never");

    public InjectionSettings {
        requireText(image, "sidecarImage");
        requireText(controlUrl, "controlUrl");
        requireNonNull(resources, "sidecarResources is null");
        if (!PULL_POLICIES.contains(imagePullPolicy)) {
            throw new IllegalArgumentException(
                    "imagePullPolicy: " + imagePullPolicy + " is not one of " + PULL_POLICIES);
        }
        if (!controlUrl.startsWith("https://")) {
            throw new IllegalArgumentException("controlUrl: must start with https://, got " + controlUrl);
        }
        if (drainSeconds < 1 || drainSeconds > LONGEST_DRAIN_SECONDS) {
            throw new IllegalArgumentException(
                    "drainSeconds: must be 1 to " + LONGEST_DRAIN_SECONDS + ", got " + drainSeconds);
        }
    }

    /** Settings with the default resources and drain time. */
    public static InjectionSettings of(String image, String imagePullPolicy, String controlUrl) {
        return new InjectionSettings(
                image, imagePullPolicy, controlUrl, SidecarResources.DEFAULT, DEFAULT_DRAIN_SECONDS);
    }

    /** The same settings with other resources. */
    public InjectionSettings withResources(SidecarResources other) {
        return new InjectionSettings(image, imagePullPolicy, controlUrl, other, drainSeconds);
    }

    private static void requireText(String value, String field) {
        if (requireNonNull(value, field + " is null").isBlank()) {
            throw new IllegalArgumentException(field + ": must not be empty");
        }
    }
}
