package sluice.operator.scale;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import sluice.limiter.control.StreamedSidecar;
import sluice.operator.admission.InjectionLabel;
import sluice.operator.testing.Replica;

/** Services of many pods that no node runs: stored as running, with real tokens, and with real streams to the operator. */
final class Fleet implements AutoCloseable {

    private static final int AT_ONCE = 16;
    private static final String ACCOUNT = "app";

    private final KubernetesClient client;
    private final Path folder;
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final Collection<StreamedSidecar> sidecars = new ConcurrentLinkedQueue<>();

    /**
     * A fleet that is empty.
     *
     * @param folder for certificates and tokens
     */
    Fleet(KubernetesClient client, Path folder) {
        this.client = client;
        this.folder = folder;
    }

    /** Does something with each, sixteen at a time. */
    static <T> void each(Collection<T> all, Consumer<T> action) {
        var places = new Semaphore(AT_ONCE);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            all.stream()
                    .map(one -> CompletableFuture.runAsync(
                            () -> {
                                places.acquireUninterruptibly();
                                try {
                                    action.accept(one);
                                } finally {
                                    places.release();
                                }
                            },
                            threads))
                    .toList()
                    .forEach(CompletableFuture::join);
        }
    }

    /** What the pods of a namespace run as. */
    void prepare(String namespace) {
        client.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(ACCOUNT)
                        .endMetadata()
                        .build())
                .create();
    }

    /** A Deployment and its Service. */
    void deploy(String namespace, String app, int pods) {
        var deployment = Serialization.unmarshal("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s, namespace: %2$s}
                spec:
                  replicas: %3$d
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata: {labels: {app: %1$s}}
                    spec: {containers: [{name: app, image: app, ports: [{name: http, containerPort: 8080}]}]}
                """.formatted(app, namespace, pods), Deployment.class);
        client.resource(deployment).create();
        var service =
                Serialization.unmarshal("""
                apiVersion: v1
                kind: Service
                metadata: {name: %1$s, namespace: %2$s}
                spec: {selector: {app: %1$s}, ports: [{port: 80, targetPort: http}]}
                """.formatted(app, namespace), io.fabric8.kubernetes.api.model.Service.class);
        client.resource(service).create();
    }

    boolean isInjected(String namespace, String app) {
        return labels(namespace, app).containsKey(InjectionLabel.key())
                && client.configMaps()
                                .inNamespace(namespace)
                                .withName(app + "-limiter")
                                .get()
                        != null;
    }

    private Map<String, String> labels(String namespace, String app) {
        return client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName(app)
                .get()
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getLabels();
    }

    /** Pods as the template of an injected Deployment wants them, running and ready; their names. */
    List<String> run(String namespace, String app, int pods) {
        var labels = labels(namespace, app);
        var names = IntStream.range(0, pods).mapToObj(i -> app + "-" + i).toList();
        each(names, name -> {
            var pod = pod(namespace, app, name);
            pod.getMetadata().setLabels(labels);
            var stored = client.resource(pod).create();
            stored.setStatus(running());
            client.resource(stored).updateStatus();
            token(stored);
        });
        return names;
    }

    private static Pod pod(String namespace, String app, String name) {
        return Serialization.unmarshal("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: %s, labels: {app: %s}}
                spec:
                  serviceAccountName: app
                  initContainers: [{name: sluice-limiter, image: 'sluice/limiter-sidecar:0.1.0', restartPolicy: Always}]
                  containers: [{name: app, image: app}]
                """.formatted(name, namespace, app), Pod.class);
    }

    private static PodStatus running() {
        return Serialization.unmarshal("""
                phase: Running
                conditions: [{type: Ready, status: 'True', lastTransitionTime: '%s'}]
                """.formatted(Instant.now().truncatedTo(ChronoUnit.SECONDS)), PodStatus.class);
    }

    /** As the kubelet projects it: bound to the pod. */
    private void token(Pod pod) {
        var meta = pod.getMetadata();
        var request = new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences("sluice.dev")
                .withExpirationSeconds(TimeUnit.HOURS.toSeconds(3))
                .withNewBoundObjectRef("v1", "Pod", meta.getName(), meta.getUid())
                .endSpec()
                .build();
        var token = client.serviceAccounts()
                .inNamespace(meta.getNamespace())
                .withName(ACCOUNT)
                .tokenRequest(request)
                .getStatus()
                .getToken();
        write(tokenFile(meta.getNamespace(), meta.getName()), token);
    }

    private Path tokenFile(String namespace, String pod) {
        return folder.resolve(namespace + "." + pod + ".token");
    }

    /**
     * Connects the sidecars of an app's pods, all at once.
     *
     * @param operatorNamespace the operator's own, which its certificate names
     * @param listener who hears what a pod's sidecar hears
     */
    void connect(
            String namespace,
            String app,
            List<String> pods,
            String operatorNamespace,
            List<Replica> operators,
            Function<String, StreamedSidecar.Listener> listener) {
        var bundle = folder.resolve(namespace + "." + app + ".crt");
        write(bundle, authorities(namespace, app));
        var url = URI.create("https://sluice-control." + operatorNamespace + ".svc:9443");
        var addresses = operators.stream()
                .map(operator -> new InetSocketAddress(InetAddress.getLoopbackAddress(), operator.control()))
                .toList();
        each(pods, pod -> {
            try {
                sidecars.add(new StreamedSidecar(
                        url, addresses, bundle, tokenFile(namespace, pod), loops.next(), listener.apply(pod)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private String authorities(String namespace, String app) {
        var bootstrap = requireNonNull(
                client.configMaps()
                        .inNamespace(namespace)
                        .withName(app + "-limiter")
                        .get(),
                "no ConfigMap yet");
        return requireNonNull(bootstrap.getData().get("ca.crt"), "no ca.crt in the ConfigMap");
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        sidecars.forEach(StreamedSidecar::close);
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
