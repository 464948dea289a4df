package sluice.operator.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sluice.operator.reconcile.HookJob;

/** Jobs of hooks before an API server that takes requests and answers none, with a client that is patient otherwise. */
@Timeout(60)
class AppliedChangesHurryTest {

    private static final int PATIENCE_MILLIS = 120_000;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server = server();

    private HttpServer server() {
        try {
            var made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            made.setExecutor(threads);
            made.createContext("/", this::hang);
            made.start();
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void hang(HttpExchange exchange) {
        try (exchange) {
            asked.add(exchange.getRequestMethod());
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void close() {
        over.countDown();
        server.stop(0);
        threads.close();
    }

    @Test
    void aJobIsGivenUpSoonAndNotAskedForAgain() {
        try (var client = Clients.create(config())) {
            assertThatThrownBy(() -> new AppliedChanges(client).start(job()))
                    .isInstanceOf(KubernetesClientException.class);
        }
        // A thread of the server's may note it later than the client gives it up.
        await().untilAsserted(() -> assertThat(asked).containsExactly("GET"));
    }

    @Test
    void soIsItsRemoval() {
        try (var client = Clients.create(config())) {
            assertThatThrownBy(() -> new AppliedChanges(client).stop(job()))
                    .isInstanceOf(KubernetesClientException.class);
        }
        await().untilAsserted(() -> assertThat(asked).containsExactly("DELETE"));
    }

    private Config config() {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                .withRequestTimeout(PATIENCE_MILLIS)
                .withRequestRetryBackoffLimit(3)
                .build();
    }

    private static Job job() {
        return new JobBuilder()
                .withNewMetadata()
                .withNamespace("apps")
                .withName("scholarship-api-smoke-1a2b3c4d")
                .addToLabels(HookJob.ROLLOUT, "scholarship-api")
                .endMetadata()
                .build();
    }
}
