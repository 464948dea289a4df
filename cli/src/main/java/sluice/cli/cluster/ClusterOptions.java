package sluice.cli.cluster;

import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import sluice.cli.InvalidInputException;

/** Which cluster and namespace, in kubectl's words. */
public final class ClusterOptions {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int MOST_RETRIES = 2;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "the rollout's namespace; the context's when it is not given")
    @Nullable
    String namespace;

    @Option(names = "--context", paramLabel = "CONTEXT", description = "a context of the kubeconfig")
    @Nullable
    String context;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "the kubeconfig; KUBECONFIG or ~/.kube/config when it is not given")
    @Nullable
    Path kubeconfig;

    /**
     * How to reach the cluster.
     *
     * @throws InvalidInputException for a file or a context that is not there
     */
    Config config() {
        Config config = kubeconfig == null ? Config.autoConfigure(context) : read(kubeconfig);
        if (context != null) {
            requireContext(config, context);
        }
        config.setConnectionTimeout(TIMEOUT_MILLIS);
        config.setRequestTimeout(TIMEOUT_MILLIS);
        config.setRequestRetryBackoffLimit(MOST_RETRIES);
        return config;
    }

    private Config read(Path file) {
        if (!Files.isReadable(file)) {
            throw new InvalidInputException("--kubeconfig: " + file + " cannot be read");
        }
        return Config.fromKubeconfig(context, file.toFile());
    }

    private static void requireContext(Config config, String context) {
        var known = config.getContexts().stream().map(NamedContext::getName).toList();
        if (!known.contains(context)) {
            throw new InvalidInputException(
                    "--context: there is no context '%s' in the kubeconfig, but %s".formatted(context, known));
        }
    }

    String namespace(Config config) {
        return Objects.requireNonNullElse(namespace, Objects.requireNonNullElse(config.getNamespace(), "default"));
    }
}
