package sluice.operator.admission;

import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Requests and limits of the sidecar by resource name; absent is none. There is no CPU limit by default: throttling a proxy for the rest of a
 * scheduling period shows as latency of the app.
 */
public record SidecarResources(Map<String, Quantity> requests, Map<String, Quantity> limits) {

    public static final SidecarResources DEFAULT = new SidecarResources(
            Map.of("cpu", new Quantity("100m"), "memory", new Quantity("128Mi")),
            Map.of("memory", new Quantity("256Mi")));

    public SidecarResources {
        requests = sorted(requests);
        limits = sorted(limits);
    }

    /** So that the same settings make the same pod, byte by byte. */
    private static Map<String, Quantity> sorted(@Nullable Map<String, Quantity> quantities) {
        return quantities == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(quantities));
    }
}
