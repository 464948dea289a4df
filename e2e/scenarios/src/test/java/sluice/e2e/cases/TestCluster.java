package sluice.e2e.cases;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import sluice.e2e.cluster.ApiServer;
import sluice.e2e.cluster.Environment;
import sluice.e2e.cluster.Operators;
import sluice.e2e.cluster.Scripts;
import sluice.e2e.load.Load;
import sluice.e2e.rollout.Manifest;
import sluice.e2e.story.Narrator;
import sluice.e2e.story.Stage;

/** The one cluster that all scenarios run on, one after the other, in the order of their {@code @Order}. */
final class TestCluster {
    static final String NAMESPACE = "apps";
    static final int RATE = 80;
    /** The address that the WAF's requests come from, and the only one that the rollout trusts. */
    static final String TRUSTED_ADDRESS = "10.91.0.1";
    /** Another of the node's. */
    static final String OTHER_ADDRESS = "10.90.0.1";

    private static final KubernetesClient CLIENT = ApiServer.client();
    private static final Narrator NARRATOR = Narrator.called("");
    private static final Supplier<Stage> STAGE = new Once<>(() -> stage(NAMESPACE, NARRATOR));

    private TestCluster() {}

    static KubernetesClient client() {
        return CLIENT;
    }

    static Scripts scripts() {
        return Scripts.ofThisRepository();
    }

    static Environment environment() {
        return Environment.ofThisProcess();
    }

    static Operators operators() {
        return new Operators(CLIENT);
    }

    /** The demo application behind the WAF; its logs are kept from the first use on. */
    static Stage stage() {
        return STAGE.get();
    }

    static Stage stage(String namespace, Narrator narrator) {
        return new Stage(CLIENT, scripts(), namespace, narrator);
    }

    /**
     * The demonstration's rollout as the scenarios begin with it. Pods and operators are started beside it on purpose, which slows everything down on a
     * small machine: its latency rule is more lenient, and a bound of the histogram, for between two bounds a quantile is a guess.
     */
    static Manifest manifest() {
        return Manifest.ofDemo().with("/spec/stopLoss/rules/1/threshold", "5s");
    }

    static Load load(int rate, String... more) {
        return Load.start(scripts(), freshFolder(), rate, more);
    }

    private static Path freshFolder() {
        try {
            return Files.createTempDirectory(environment().state(), "load-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A value made when it is first asked for. */
    private static final class Once<T> implements Supplier<T> {
        private final Supplier<T> make;
        private volatile T made;

        Once(Supplier<T> make) {
            this.make = make;
        }

        @Override
        public synchronized T get() {
            if (made == null) {
                made = make.get();
            }
            return made;
        }
    }
}
