package sluice.operator.admission;

import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

/**
 * Requests and limits of the sidecar by resource name. There is no CPU limit by default: throttling a proxy for the rest of a
 * scheduling period shows as latency of the app.
 */
public record SidecarResources(Map<String, Quantity> requests, Map<String, Quantity> limits) {

    public static final SidecarResources DEFAULT = new SidecarResources(
            Map.of("cpu", new Quantity("100m"), "memory", new Quantity("128Mi")),
            Map.of("memory", new Quantity("256Mi")));

    public SidecarResources {
        requests = Map.copyOf(requests);
        limits = Map.copyOf(limits);
    }
}
