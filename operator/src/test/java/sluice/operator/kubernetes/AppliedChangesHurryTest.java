package sluice.operator.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sluice.operator.reconcile.HookJob;

/** Jobs of hooks before an API server that takes requests and answers none, with a client that is patient otherwise. */
@Timeout(60)
class AppliedChangesHurryTest {

    private final SilentApiServer server = new SilentApiServer();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aJobIsGivenUpSoonAndNotAskedForAgain() {
        try (var client = Clients.create(server.config())) {
            assertThatThrownBy(() -> new AppliedChanges(client).start(job()))
                    .isInstanceOf(KubernetesClientException.class);
        }
        // A thread of the server's may note it later than the client gives it up.
        await().untilAsserted(() ->
                assertThat(server.asked).singleElement().asString().startsWith("GET "));
    }

    @Test
    void soIsItsRemoval() {
        try (var client = Clients.create(server.config())) {
            assertThatThrownBy(() -> new AppliedChanges(client).stop(job()))
                    .isInstanceOf(KubernetesClientException.class);
        }
        await().untilAsserted(() ->
                assertThat(server.asked).singleElement().asString().startsWith("DELETE "));
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
