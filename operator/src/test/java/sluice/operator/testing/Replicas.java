package sluice.operator.testing;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.Config;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An installation of the operator, whose replicas run as processes of their own, so that one can really be killed. */
public final class Replicas implements AutoCloseable {

    private static final List<String> QUICKLY_STARTED = List.of("-XX:TieredStopAtLevel=1");

    private final Config api;
    private final String namespace;
    private final Path folder;
    private final List<Replica> started = new CopyOnWriteArrayList<>();
    private final Thread onExit = new Thread(this::killAll);

    /**
     * Makes the installation's namespace and the Secret for its certificates.
     *
     * @param folder for configurations and logs
     */
    public Replicas(RealApiServer server, Path folder) {
        this.api = server.config();
        this.namespace = server.newNamespace("sluice-system");
        this.folder = folder;
        server.client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("sluice-certs")
                        .endMetadata()
                        .build())
                .create();
        Runtime.getRuntime().addShutdownHook(onExit);
    }

    /** The operator's own namespace. */
    public String namespace() {
        return namespace;
    }

    /**
     * Starts a replica.
     *
     * @param more what its configuration says beside names and ports
     */
    public Replica start(String name, String more) {
        return start(name, more, QUICKLY_STARTED);
    }

    /** The same with other options for the JVM. */
    public Replica start(String name, String more, List<String> jvm) {
        var control = FreePort.find();
        var health = FreePort.find();
        var text = """
                namespace: %s
                sidecarImage: sluice/limiter-sidecar:0.1.0
                controlUrl: https://sluice-control.%s.svc:9443
                ports: {webhook: %d, control: %d, health: %d}
                """.formatted(namespace, namespace, FreePort.find(), control, health) + more;
        try {
            var config = Files.writeString(folder.resolve(name + ".yaml"), text);
            return keep(new Replica(name, run(name, config, jvm), control, health, log(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts one whose configuration is expected to be refused. */
    public Replica startWith(String name, Path config) {
        return keep(new Replica(name, run(name, config, QUICKLY_STARTED), 0, 0, log(name)));
    }

    /** Starts one again that has ended, as the same replica on the same ports. */
    public Replica restart(Replica ended) {
        var name = ended.name();
        return keep(new Replica(
                name,
                run(name, folder.resolve(name + ".yaml"), QUICKLY_STARTED),
                ended.control(),
                ended.health(),
                ended.logFile()));
    }

    private Replica keep(Replica replica) {
        started.add(replica);
        return replica;
    }

    private Path log(String name) {
        return folder.resolve(name + ".log");
    }

    private Process run(String name, Path config, List<String> jvm) {
        var command = Stream.of(
                        Stream.of(Path.of(System.getProperty("java.home"), "bin", "java")
                                .toString()),
                        jvm.stream(),
                        Stream.of(
                                "-cp", mainClassPath(), "sluice.operator.OperatorMain", "--config", config.toString()))
                .flatMap(part -> part)
                .toList();
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(name).toFile()));
        var environment = builder.environment();
        environment.put("POD_NAME", name);
        environment.put("KUBERNETES_MASTER", api.getMasterUrl());
        environment.put("KUBERNETES_CERTS_CA_FILE", api.getCaCertFile());
        environment.put("KUBERNETES_AUTH_TOKEN", api.getOauthToken());
        environment.put("KUBECONFIG", folder.resolve("none").toString());
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The logging of tests is for tests. */
    private static String mainClassPath() {
        // Without the sidecar too: it is on the tests' path only, and sets logging up its own way.
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes") && !entry.contains("limiter-sidecar"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private void killAll() {
        started.forEach(Replica::kill);
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(onExit);
        killAll();
        started.forEach(replica -> replica.process().onExit().join());
    }
}
