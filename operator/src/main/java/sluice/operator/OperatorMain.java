package sluice.operator;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.operator.kubernetes.Clients;

/** Starts a replica: {@code --config FILE}, by default {@code /etc/sluice/operator.yaml}. Ends with 1 when it lost the lease, 2 for a bad start. */
public final class OperatorMain {

    private static final Logger LOG = LoggerFactory.getLogger(OperatorMain.class);
    private static final Path DEFAULT_CONFIG = Path.of("/etc/sluice/operator.yaml");
    private static final int REQUEST_MILLIS = 10_000;
    private static final int RETRIES = 3;

    private OperatorMain() {}

    public static void main(String[] args) {
        // What it writes is read by programs, too: the same digits whatever the language of the machine.
        Locale.setDefault(Locale.ROOT);
        try {
            start(OperatorConfigFile.read(config(args)));
        } catch (IllegalArgumentException | IOException | java.io.UncheckedIOException e) {
            LOG.atError().addKeyValue("problem", e.getMessage()).log("cannot start");
            System.exit(2);
        }
    }

    private static Path config(String[] args) {
        if (args.length == 0) {
            return DEFAULT_CONFIG;
        }
        if (args.length == 2 && args[0].equals("--config")) {
            return Path.of(args[1]);
        }
        throw new IllegalArgumentException("usage: OperatorMain [--config FILE]");
    }

    private static void start(OperatorConfig config) throws IOException {
        var kubernetes = new ConfigBuilder(Config.autoConfigure(null))
                .withRequestTimeout(REQUEST_MILLIS)
                .withRequestRetryBackoffLimit(RETRIES)
                .build();
        var process = new OperatorProcess(config, Clients.create(kubernetes), identity(), OperatorMain::end);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(process::close));
        process.start();
    }

    private static String identity() {
        return Optional.ofNullable(System.getenv("POD_NAME")).orElseGet(() -> "operator-" + UUID.randomUUID());
    }

    /** A replica that led begins anew as a standby: nothing of its old mind survives. */
    private static void end() {
        Thread.ofPlatform().name("end").start(() -> System.exit(1));
    }
}
