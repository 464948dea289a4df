package sluice.operator;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.operator.admission.InjectionSettings;
import sluice.operator.admission.SidecarResources;
import sluice.operator.notify.SlackSettings;
import sluice.operator.prometheus.PrometheusProvider;
import sluice.operator.reconcile.ReportLink;

/**
 * The operator's own configuration, {@code /etc/sluice/operator.yaml}. Whatever is wrong is said by the field's name and what would be
 * right.
 *
 * @param namespace the operator's own
 * @param sidecarImage the image that is injected
 * @param imagePullPolicy the sidecar's, {@code IfNotPresent} by default
 * @param sidecarResources what the sidecar asks of its node
 * @param prometheus the providers that a resource may name
 * @param slack how the channels that a resource may name are told
 * @param notifications what messages lead to
 * @param leaderElection how replicas agree on a leader
 * @param controlUrl where sidecars find the config stream
 * @param watchNamespaces empty for all
 * @param ports where the operator listens
 * @param hooks whether resources may have hooks
 * @param asn whose the networks are that the WAF blocks; null where no file says so
 */
public record OperatorConfig(
        String namespace,
        String sidecarImage,
        String imagePullPolicy,
        SidecarResources sidecarResources,
        Prometheus prometheus,
        SlackSettings slack,
        Notifications notifications,
        LeaderElectionSettings leaderElection,
        String controlUrl,
        List<String> watchNamespaces,
        Ports ports,
        Hooks hooks,
        @Nullable Asn asn) {

    private static final String NAMESPACE = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";

    /** The Prometheus servers by the name that a resource uses. */
    public record Prometheus(Map<String, PrometheusProvider> providers) {
        public Prometheus {
            providers = Map.copyOf(requireNonNullElseGet(providers, Map::of));
        }
    }

    /** Whether the operator runs Jobs for resources, for which it needs the right. */
    public record Hooks(boolean enabled) {
        static final Hooks NONE = new Hooks(false);
    }

    /**
     * What messages lead to.
     *
     * @param reportUrl see {@link ReportLink}; empty for none
     */
    public record Notifications(@Nullable String reportUrl) {
        static final Notifications NONE = new Notifications(null);

        public Notifications {
            // Refuses what is no address, while somebody is looking.
            ReportLink.of(reportUrl);
        }
    }

    /**
     * An mmdb file with autonomous systems.
     *
     * @param prometheus the provider that has the WAF's metrics, {@code default} by default
     */
    public record Asn(Path file, String prometheus) {
        public Asn {
            if (file == null) {
                throw new IllegalArgumentException("asn.file: is missing; name the mmdb file");
            }
            prometheus = requireNonNullElse(prometheus, "default");
        }
    }

    public OperatorConfig {
        namespace = name("namespace", required("namespace", namespace, "sluice-system"));
        required("sidecarImage", sidecarImage, "sluice/limiter-sidecar:0.1.0");
        required("controlUrl", controlUrl, "https://sluice-control." + namespace + ".svc:9443");
        imagePullPolicy = requireNonNullElse(imagePullPolicy, "IfNotPresent");
        sidecarResources = requireNonNullElse(sidecarResources, SidecarResources.DEFAULT);
        prometheus = requireNonNullElseGet(prometheus, () -> new Prometheus(Map.of()));
        slack = requireNonNullElse(slack, SlackSettings.NONE);
        notifications = requireNonNullElse(notifications, Notifications.NONE);
        leaderElection = requireNonNullElseGet(leaderElection, LeaderElectionSettings::defaults);
        hooks = requireNonNullElse(hooks, Hooks.NONE);
        watchNamespaces = List.copyOf(requireNonNullElseGet(watchNamespaces, List::of));
        watchNamespaces.forEach(each -> name("watchNamespaces", each));
        ports = requireNonNullElseGet(ports, Ports::defaults);
        if (asn != null && !prometheus.providers().containsKey(asn.prometheus())) {
            throw new IllegalArgumentException("asn.prometheus: there is no '%s' in prometheus.providers, but %s"
                    .formatted(asn.prometheus(), prometheus.providers().keySet()));
        }
        // Refuses what the injection cannot work with, while somebody is looking.
        injection(sidecarImage, imagePullPolicy, controlUrl, sidecarResources);
    }

    /** What every injected sidecar gets. */
    public InjectionSettings injection() {
        return injection(sidecarImage, imagePullPolicy, controlUrl, sidecarResources);
    }

    /** Where reports are. */
    public ReportLink reports() {
        return ReportLink.of(notifications.reportUrl());
    }

    private static InjectionSettings injection(
            String image, String pullPolicy, String controlUrl, SidecarResources resources) {
        return InjectionSettings.of(image, pullPolicy, controlUrl).withResources(resources);
    }

    private static String required(String field, @Nullable String value, String example) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(field + ": is missing; set it, for example to " + example);
        }
        return value;
    }

    private static String name(String field, String value) {
        if (!value.matches(NAMESPACE)) {
            throw new IllegalArgumentException(
                    field + ": '" + value + "' is not a namespace's name; use lower-case letters, digits and '-'");
        }
        return value;
    }
}
