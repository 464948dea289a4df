package sluice.operator.chart;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Runs helm, which SLUICE_BIN has beside the Kubernetes binaries, on the project's chart. */
public final class Helm {

    public static final String NAMESPACE = "sluice-system";

    static final String CHART = "../helm/ratelimit-rollout";

    /** Outside a cluster helm takes the version that it was built for, which may be older than the chart allows. */
    private static final String KUBERNETES_VERSION = "1.36.0";

    private final Map<String, String> environment;

    private Helm(Map<String, String> environment) {
        this.environment = environment;
    }

    /** For rendering only. */
    public static Helm offline() {
        return new Helm(Map.of());
    }

    /** For installing. */
    public static Helm at(Config config) {
        return new Helm(Map.of(
                "HELM_KUBEAPISERVER", config.getMasterUrl(),
                "HELM_KUBETOKEN", config.getOauthToken(),
                "HELM_KUBECAFILE", config.getCaCertFile()));
    }

    /** Every object of the chart with these {@code key=value} settings. */
    public List<HasMetadata> render(String... settings) {
        var command = new ArrayList<>(
                List.of("template", "sluice", CHART, "--namespace", NAMESPACE, "--kube-version", KUBERNETES_VERSION));
        var yaml = run(withSettings(command, settings));
        return Stream.of(yaml.split("(?m)^---$"))
                .filter(document -> document.contains("kind:"))
                .map(document -> new KubernetesSerialization().<HasMetadata>unmarshal(document))
                .toList();
    }

    public void upgradeOrInstall(String... settings) {
        run(withSettings(
                new ArrayList<>(List.of(
                        "upgrade", "--install", "sluice", CHART, "--namespace", NAMESPACE, "--create-namespace")),
                settings));
    }

    public void uninstall() {
        run(List.of("uninstall", "sluice", "--namespace", NAMESPACE));
    }

    String lint() {
        return run(List.of("lint", "--strict", CHART));
    }

    private static List<String> withSettings(List<String> command, String... settings) {
        for (var setting : settings) {
            command.add("--set-json");
            command.add(setting);
        }
        return command;
    }

    /** What helm printed; throws with it when helm fails. */
    private String run(List<String> arguments) {
        var command = new ArrayList<>(List.of(binary()));
        command.addAll(arguments);
        try {
            var builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            var process = builder.start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String binary() {
        var folder = System.getProperty("SLUICE_BIN", System.getenv("SLUICE_BIN"));
        var helm = Path.of(requireNonNull(folder, "SLUICE_BIN is not set: run ./verify api"), "helm");
        if (!Files.isExecutable(helm)) {
            throw new IllegalStateException("no helm in SLUICE_BIN, which is " + folder + ": run ./verify api");
        }
        return helm.toString();
    }
}
