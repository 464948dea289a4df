package sluice.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import sluice.cli.ExitCode;
import sluice.cli.FailureException;
import sluice.cli.InvalidInputException;
import sluice.cli.RolloutView;
import sluice.operator.reconcile.EvidenceConfigMap;
import sluice.operator.reconcile.PlanMapping;

/** The rollouts of one namespace. Every method fails with {@link FailureException} when the cluster does not do it. */
public final class Rollouts implements AutoCloseable {
    private static final ResourceDefinitionContext KIND = new ResourceDefinitionContext.Builder()
            .withGroup("sluice.dev")
            .withVersion("v1alpha1")
            .withKind("RateLimitRollout")
            .withPlural("ratelimitrollouts")
            .withNamespaced(true)
            .build();
    private static final String FIELD_MANAGER = "kubectl-rlr";
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    private static final int NOT_VALID = 422;
    private static final int BAD_REQUEST = 400;
    private static final JsonMapper JSON = new JsonMapper();

    private final KubernetesClient client;
    private final String namespace;

    private Rollouts(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /** Opens the namespace that the options name. */
    public static Rollouts open(ClusterOptions options) {
        Config config = options.config();
        return new Rollouts(new KubernetesClientBuilder().withConfig(config).build(), options.namespace(config));
    }

    /** The rollout as it is now. */
    public RolloutView get(String name) {
        return RolloutView.of(resource(name));
    }

    /** The whole resource as it is now. */
    public JsonNode resource(String name) {
        GenericKubernetesResource found = asked(() -> named(name).get());
        if (found == null) {
            throw new FailureException(
                    ExitCode.FAILED,
                    "there is no RateLimitRollout '%s' in namespace '%s'; kubectl get rlr -A lists those that there are"
                            .formatted(name, namespace));
        }
        return JSON.valueToTree(found);
    }

    /** Every rollout of the namespace, by name. */
    public List<JsonNode> resources() {
        return asked(() -> client.genericKubernetesResources(KIND).inNamespace(namespace).list().getItems().stream()
                .sorted(Comparator.comparing(found -> found.getMetadata().getName()))
                .map(found -> JSON.<JsonNode>valueToTree(found))
                .toList());
    }

    /** What the operator has kept of a rollout's past, or why that is not known. */
    public Past past(String name) {
        String map = EvidenceConfigMap.name(name);
        try {
            ConfigMap found =
                    client.configMaps().inNamespace(namespace).withName(map).get();
            return found == null
                    ? Past.unknown("there is no ConfigMap " + map)
                    : EvidenceConfigMap.read(found)
                            .map(Past::kept)
                            .orElseGet(() -> Past.unknown("the ConfigMap %s cannot be read".formatted(map)));
        } catch (KubernetesClientException e) {
            return Past.unknown(
                    "the ConfigMap %s cannot be read: the API server answered %d".formatted(map, e.getCode()));
        }
    }

    public String namespace() {
        return namespace;
    }

    /** What the pods of this cluster have printed. */
    public PodLogs podLogs() {
        return new PodLogs(client);
    }

    /** Looks until the rollout is as wanted; empty when the time is over first. */
    public Optional<RolloutView> await(String name, Predicate<RolloutView> wanted, Duration atMost) {
        long began = System.nanoTime();
        while (true) {
            RolloutView now = get(name);
            if (wanted.test(now)) {
                return Optional.of(now);
            }
            if (System.nanoTime() - began >= atMost.toNanos()) {
                return Optional.empty();
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(BETWEEN_LOOKS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException(ExitCode.FAILED, "interrupted");
        }
    }

    /** Sets the annotation that the operator obeys. */
    public void command(String name, String text) {
        var patch = Map.of("metadata", Map.of("annotations", Map.of(PlanMapping.COMMAND, text)));
        var how = new PatchContext.Builder()
                .withPatchType(PatchType.JSON_MERGE)
                .withFieldManager(FIELD_MANAGER)
                .build();
        asked(() -> named(name).patch(how, JSON.valueToTree(patch).toString()));
    }

    /**
     * Has the API server check a resource as if it were applied; nothing is stored.
     *
     * @throws InvalidInputException with what the server says is wrong
     */
    public void dryRun(JsonNode resource) {
        String where = resource.path("metadata").path("namespace").asText(namespace);
        asked(() -> client.genericKubernetesResources(KIND)
                .inNamespace(where)
                .resource(Serialization.unmarshal(resource.toString(), GenericKubernetesResource.class))
                .dryRun()
                .fieldValidation(FieldValidateable.Validation.STRICT)
                .fieldManager(FIELD_MANAGER)
                .forceConflicts()
                .serverSideApply());
    }

    private Resource<GenericKubernetesResource> named(String name) {
        return client.genericKubernetesResources(KIND).inNamespace(namespace).withName(name);
    }

    private <T> T asked(Supplier<T> request) {
        try {
            return request.get();
        } catch (KubernetesClientException e) {
            if (e.getCode() == NOT_VALID || e.getCode() == BAD_REQUEST) {
                throw new InvalidInputException(said(e));
            }
            throw new FailureException(ExitCode.FAILED, e.getStatus() == null ? unreachable(e) : said(e));
        }
    }

    private static String said(KubernetesClientException problem) {
        return Optional.ofNullable(problem.getStatus())
                .map(Status::getMessage)
                .orElseGet(() -> String.valueOf(problem.getMessage()));
    }

    private String unreachable(KubernetesClientException problem) {
        Throwable root = problem;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return "%s cannot be reached (%s%s); is it the cluster that you mean? See --kubeconfig and --context"
                .formatted(
                        client.getMasterUrl(),
                        root.getClass().getSimpleName(),
                        root.getMessage() == null ? "" : ": " + root.getMessage());
    }

    @Override
    public void close() {
        client.close();
    }
}
