package sluice.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.operator.admission.RolloutSource;
import sluice.operator.admission.WebhookServer;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.certificates.CertificateKeeper;
import sluice.operator.certificates.CertificateSettings;
import sluice.operator.control.Acks;
import sluice.operator.control.ControlServer;
import sluice.operator.control.RolloutKey;
import sluice.operator.control.StreamWatcher;
import sluice.operator.control.Streams;
import sluice.operator.control.TokenCache;
import sluice.operator.kubernetes.AppliedChanges;
import sluice.operator.kubernetes.InformedCluster;
import sluice.operator.kubernetes.LeaseElection;
import sluice.operator.kubernetes.RolloutCache;
import sluice.operator.kubernetes.RolloutController;
import sluice.operator.kubernetes.SidecarPods;
import sluice.operator.kubernetes.TokenReviews;
import sluice.operator.metrics.HealthServer;
import sluice.operator.metrics.OperatorMetrics;
import sluice.operator.networks.NetworkOwners;
import sluice.operator.notify.SlackNotifier;
import sluice.operator.prometheus.PrometheusNetworks;
import sluice.operator.prometheus.PrometheusSignalReader;
import sluice.operator.reconcile.RolloutReconciler;
import sluice.operator.rollout.Blocker;

/**
 * One replica of the operator, wired by hand. The webhook and the health page run on every replica; the stream's port is open on every
 * replica and answers on the leader alone; the controller runs on the leader.
 */
final class OperatorProcess implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OperatorProcess.class);
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);
    /** Endpoints follow a pod's end with a delay, and a webhook that is not there means pods without a sidecar. */
    private static final Duration WEBHOOK_LINGERS = Duration.ofSeconds(5);

    private static final Duration OWNERS_ARE_LOOKED_UP = Duration.ofSeconds(30);

    private final OperatorConfig config;
    private final KubernetesClient client;
    private final Runnable onLost;
    private final Acks acks = new Acks();
    private final Streams streams = new Streams(acks);
    private final OperatorMetrics metrics = new OperatorMetrics();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CertificateKeeper certificates;
    private final LeaseElection election;
    private final RolloutCache rollouts;
    private final PrometheusSignalReader signals;
    private final SlackNotifier notifier;
    private final Optional<NetworkOwners> networks;
    private final RolloutReconciler reconciler;
    private final RolloutController controller;
    private final HealthServer health;
    private final WebhookServer webhook;
    private final ControlServer control;
    private volatile Optional<InformedCluster> cluster = Optional.empty();

    /**
     * Opens the ports; nothing is decided before {@link #start()}.
     *
     * @param identity what tells this replica from the others
     * @param onLost runs when the lease is lost: the process is to end, and to begin anew as a standby
     */
    OperatorProcess(OperatorConfig config, KubernetesClient client, String identity, Runnable onLost)
            throws IOException {
        this.config = config;
        this.client = client;
        this.onLost = onLost;
        certificates = new CertificateKeeper(client, CertificateSettings.forNamespace(config.namespace()));
        election = new LeaseElection(client.getConfiguration(), config.namespace(), identity, config.leaderElection());
        rollouts = new RolloutCache(client, config.watchNamespaces());
        signals = new PrometheusSignalReader(config.prometheus().providers());
        notifier = new SlackNotifier(config.slack(), config.reports(), election::fresh, metrics);
        reconciler = reconciler();
        controller = new RolloutController(client, reconciler, config.watchNamespaces());
        metrics.conditions(rollouts::all);
        metrics.certificatesFailing(certificates::failing);
        metrics.leader(election::leads);
        metrics.streams(streams::open);
        metrics.certificates(certificates::expiries);
        networks = networks();
        networks.ifPresent(known -> metrics.networks(known::owners));
        health = new HealthServer(config.ports().health(), election::isAlive, this::isReady, metrics::scrape);
        webhook = new WebhookServer(
                config.injection(),
                rolloutSource(),
                certificates.sslContext(),
                config.ports().webhook());
        control = control();
    }

    private RolloutSource rolloutSource() {
        return new RolloutSource() {
            @Override
            public Optional<RateLimitRollout> cached(String namespace, String name) {
                return rollouts.find(namespace, name);
            }

            @Override
            public Optional<RateLimitRollout> current(String namespace, String name) {
                return rollouts.read(namespace, name);
            }
        };
    }

    private Optional<NetworkOwners> networks() {
        var asn = config.asn();
        return asn == null
                ? Optional.empty()
                : Optional.ofNullable(config.prometheus().providers().get(asn.prometheus()))
                        .map(provider -> new NetworkOwners(new PrometheusNetworks(provider), asn.file()));
    }

    private RolloutReconciler reconciler() {
        var parts = new RolloutReconciler.Parts(
                new AppliedChanges(client),
                streams,
                acks,
                signals,
                config.injection(),
                certificates::caBundlePem,
                this::ownBlockers,
                election,
                notifier,
                config.reports(),
                metrics,
                InstantSource.system());
        return new RolloutReconciler(parts, context -> {
            var informed = new InformedCluster(context, config.hooks().enabled());
            cluster = Optional.of(informed);
            return informed;
        });
    }

    private List<Blocker> ownBlockers() {
        return certificates.ready()
                ? List.of()
                : List.of(new Blocker(
                        "CertificatesMissing",
                        "the operator has no certificates; see that the Secret %s in %s is there and that the operator may update it"
                                .formatted(CertificateSettings.SECRET, config.namespace())));
    }

    private ControlServer control() {
        return new ControlServer(
                config.ports().control(),
                certificates.sslContext(),
                election,
                new TokenCache(new TokenReviews(client)),
                new SidecarPods(client, (namespace, name) -> cluster.flatMap(seen -> seen.pod(namespace, name))),
                streams,
                acks,
                HEARTBEAT,
                new StreamWatcher() {
                    @Override
                    public void changed(RolloutKey rollout) {
                        reconciler.nudge(rollout);
                    }

                    @Override
                    public void answered(Duration after) {
                        metrics.answered(after);
                    }
                });
    }

    /** Begins to serve and takes part in the election. */
    void start() {
        certificates.start();
        election.start(this::lead, this::lost);
        LOG.atInfo().addKeyValue("identity", election.identity()).log("operator started");
    }

    private void lead() {
        try {
            LOG.atInfo().log("leading; reconciling begins");
            controller.start();
            networks.ifPresent(known -> known.start(OWNERS_ARE_LOOKED_UP));
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("cannot reconcile");
            lost();
        }
    }

    private void lost() {
        if (!stopping.get()) {
            LOG.atWarn().log("leads no longer; ending");
            control.close();
            onLost.run();
        }
    }

    private boolean isReady() {
        return !stopping.get() && certificates.ready() && rollouts.hasSynced();
    }

    /** Stops deciding first, then gives the lease back, and goes on admitting pods until nobody asks any more. */
    @Override
    public void close() {
        if (stopping.getAndSet(true)) {
            return;
        }
        var until = System.nanoTime() + WEBHOOK_LINGERS.toNanos();
        controller.close();
        control.close();
        election.close();
        notifier.close();
        networks.ifPresent(NetworkOwners::close);
        signals.close();
        lingerUntil(until);
        webhook.close();
        health.close();
        rollouts.close();
        certificates.close();
        client.close();
        LOG.atInfo().log("operator stopped");
    }

    private static void lingerUntil(long nanoTime) {
        try {
            Thread.sleep(Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
