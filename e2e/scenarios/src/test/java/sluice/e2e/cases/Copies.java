package sluice.e2e.cases;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import sluice.e2e.cluster.App;

/** Copies of the demo application in namespaces of their own, so that stories can run side by side. */
final class Copies {
    private static final List<String> SECRETS = List.of("redis-limiter", "auth-keys", App.NAME);

    private final KubernetesClient client;

    Copies(KubernetesClient client) {
        this.client = client;
    }

    /** Makes the namespace and the application in it and returns the address of its Service. */
    String copyTo(String namespace) {
        client.namespaces().resource(namespaceLikeTheFirst(namespace)).serverSideApply();
        SECRETS.forEach(name -> copySecret(name, namespace));
        copyDeployment(namespace);
        return copyService(namespace);
    }

    /** Makes the namespace and in it a StatefulSet of two such pods, with the Service. */
    void copyAsStatefulSetTo(String namespace) {
        client.namespaces().resource(namespaceLikeTheFirst(namespace)).serverSideApply();
        SECRETS.forEach(name -> copySecret(name, namespace));
        var like = deployment();
        apply(bare(
                new StatefulSetBuilder()
                        .withMetadata(like.getMetadata())
                        .withNewSpec()
                        .withReplicas(2)
                        .withServiceName(App.NAME)
                        .withSelector(like.getSpec().getSelector())
                        .withTemplate(like.getSpec().getTemplate())
                        .endSpec()
                        .build(),
                namespace));
        copyService(namespace);
    }

    private io.fabric8.kubernetes.api.model.Namespace namespaceLikeTheFirst(String name) {
        var first = client.namespaces().withName(TestCluster.NAMESPACE).get();
        return new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels(
                        "pod-security.kubernetes.io/enforce",
                        first.getMetadata().getLabels().get("pod-security.kubernetes.io/enforce"))
                .endMetadata()
                .build();
    }

    private void copySecret(String name, String namespace) {
        var secret = client.secrets()
                .inNamespace(TestCluster.NAMESPACE)
                .withName(name)
                .get();
        apply(bare(secret, namespace));
    }

    private void copyDeployment(String namespace) {
        apply(bare(deployment(), namespace));
    }

    /** The first one as it was written, for two pods. */
    private Deployment deployment() {
        var deployment = client.apps()
                .deployments()
                .inNamespace(TestCluster.NAMESPACE)
                .withName(App.NAME)
                .get();
        return new DeploymentBuilder(deployment)
                .withStatus(null)
                .editSpec()
                .withReplicas(2)
                .editTemplate()
                .editMetadata()
                .removeFromLabels("sluice.dev/limiter")
                .endMetadata()
                .endTemplate()
                .endSpec()
                .build();
    }

    private String copyService(String namespace) {
        var service = client.services()
                .inNamespace(TestCluster.NAMESPACE)
                .withName(App.NAME)
                .get();
        var copy = new ServiceBuilder(service)
                .withStatus(null)
                .editSpec()
                .withClusterIP(null)
                .withClusterIPs(List.of())
                .endSpec()
                .build();
        var made = client.services().resource(bare(copy, namespace)).serverSideApply();
        return "http://%s:%d"
                .formatted(
                        made.getSpec().getClusterIP(),
                        made.getSpec().getPorts().getFirst().getPort());
    }

    private void apply(HasMetadata object) {
        client.resource(object).serverSideApply();
    }

    /** Without what belongs to the original only. */
    private static <T extends HasMetadata> T bare(T object, String namespace) {
        var old = object.getMetadata();
        object.setMetadata(new ObjectMetaBuilder()
                .withName(old.getName())
                .withNamespace(namespace)
                .withLabels(old.getLabels())
                .build());
        return object;
    }
}
