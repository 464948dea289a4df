package sluice.operator;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import sluice.operator.admission.InjectionSettings;
import sluice.operator.control.Acks;
import sluice.operator.control.ControlServer;
import sluice.operator.control.FakeLeadership;
import sluice.operator.control.Leadership;
import sluice.operator.control.Streams;
import sluice.operator.control.TestCertificate;
import sluice.operator.control.TokenCache;
import sluice.operator.kubernetes.AppliedChanges;
import sluice.operator.kubernetes.Clients;
import sluice.operator.kubernetes.InformedCluster;
import sluice.operator.kubernetes.RolloutController;
import sluice.operator.kubernetes.SidecarPods;
import sluice.operator.kubernetes.TokenReviews;
import sluice.operator.metrics.OperatorMetrics;
import sluice.operator.notify.SlackNotifier;
import sluice.operator.notify.SlackSettings;
import sluice.operator.reconcile.FakeSignals;
import sluice.operator.reconcile.ReportLink;
import sluice.operator.reconcile.RolloutReconciler;

/** The operator's controller and stream for one namespace, with signals that a test sets. */
public final class TestOperator implements AutoCloseable {

    static final TestCertificate CERTIFICATE = TestCertificate.create();

    final FakeSignals signals = new FakeSignals();
    private final Acks acks = new Acks();
    private final Streams streams = new Streams(acks);
    private final KubernetesClient client;
    private final RolloutController controller;
    private final ControlServer control;
    private final SlackNotifier notifier;
    private volatile Optional<InformedCluster> cluster = Optional.empty();

    /** Without election. */
    public TestOperator(Config config, String namespace) {
        this(config, namespace, new FakeLeadership());
    }

    TestOperator(Config config, String namespace, Leadership leadership) {
        this(config, namespace, leadership, SlackSettings.NONE, false);
    }

    /** One that may run Jobs. */
    static TestOperator withHooks(Config config, String namespace) {
        return new TestOperator(config, namespace, new FakeLeadership(), SlackSettings.NONE, true);
    }

    TestOperator(Config config, String namespace, SlackSettings slack) {
        this(config, namespace, new FakeLeadership(), slack, false);
    }

    private TestOperator(Config config, String namespace, Leadership leadership, SlackSettings slack, boolean hooks) {
        client = Clients.create(config);
        var metrics = new OperatorMetrics();
        notifier = new SlackNotifier(slack, ReportLink.NONE, leadership::fresh, metrics);
        var parts = new RolloutReconciler.Parts(
                new AppliedChanges(client),
                streams,
                acks,
                signals,
                InjectionSettings.of("sluice/limiter-sidecar:0.1.0", "IfNotPresent", "https://sluice-control:9443"),
                CERTIFICATE::pem,
                List::of,
                leadership,
                notifier,
                ReportLink.NONE,
                metrics,
                InstantSource.system());
        var reconciler = new RolloutReconciler(parts, context -> {
            var informed = new InformedCluster(context, hooks);
            cluster = Optional.of(informed);
            return informed;
        });
        controller = new RolloutController(client, reconciler, List.of(namespace));
        controller.start();
        control = new ControlServer(
                0,
                CERTIFICATE.server(),
                leadership,
                new TokenCache(new TokenReviews(client)),
                new SidecarPods(client, (in, name) -> cluster.flatMap(seen -> seen.pod(in, name))),
                streams,
                acks,
                Duration.ofMillis(500),
                reconciler::nudge);
    }

    int port() {
        return control.port();
    }

    @Override
    public void close() {
        controller.close();
        control.close();
        notifier.close();
        client.close();
    }
}
