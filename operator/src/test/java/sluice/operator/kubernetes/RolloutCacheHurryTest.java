package sluice.operator.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pod that is created waits for the answer, and an API server waits for its webhooks only so long. */
@Timeout(60)
class RolloutCacheHurryTest {

    private static final String ROLLOUT =
            "GET /apis/sluice.dev/v1alpha1/namespaces/apps/ratelimitrollouts/scholarship-api";

    @Test
    void aRolloutIsGivenUpSoonAndNotAskedForAgain() {
        try (var server = new SilentApiServer();
                var client = Clients.create(server.config());
                var cache = new RolloutCache(client, List.of("apps"))) {
            assertThatThrownBy(() -> cache.read("apps", "scholarship-api"))
                    .isInstanceOf(KubernetesClientException.class);

            // A thread of the server's may note it later than the client gives it up.
            await().untilAsserted(() -> assertThat(server.asked).containsOnlyOnce(ROLLOUT));
        }
    }
}
