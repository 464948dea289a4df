package sluice.e2e.rollout;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Clock;
import java.util.function.Consumer;

/** Watches the rollouts of one name in a namespace and keeps all they show. */
public final class RolloutWatch implements AutoCloseable {
    /** The resource. */
    public static final ResourceDefinitionContext RESOURCE = new ResourceDefinitionContext.Builder()
            .withGroup("sluice.dev")
            .withVersion("v1alpha1")
            .withKind("RateLimitRollout")
            .withPlural("ratelimitrollouts")
            .withNamespaced(true)
            .build();

    private static final JsonMapper JSON = new JsonMapper();

    private final Clock clock = Clock.systemUTC();
    private final RolloutHistory history;
    private final SharedIndexInformer<GenericKubernetesResource> informer;

    public RolloutWatch(KubernetesClient client, String namespace, String name, Consumer<Seen> listener) {
        this.history = new RolloutHistory(listener);
        this.informer = client.genericKubernetesResources(RESOURCE)
                .inNamespace(namespace)
                .withName(name)
                .inform(new OnChange());
    }

    public RolloutHistory history() {
        return history;
    }

    @Override
    public void close() {
        informer.close();
    }

    private void changed(GenericKubernetesResource resource) {
        history.add(clock.instant(), RolloutView.of(JSON.valueToTree(resource)));
    }

    private final class OnChange implements ResourceEventHandler<GenericKubernetesResource> {
        @Override
        public void onAdd(GenericKubernetesResource resource) {
            changed(resource);
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource resource) {
            changed(resource);
        }

        @Override
        public void onDelete(GenericKubernetesResource resource, boolean finalStateUnknown) {}
    }
}
