package sluice.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.operator.testing.RealApiServer;

/** Nobody borrows the operator's powers, and the operator has no more than it needs: as a real API server sees the installed chart. */
class AdmissionPolicyIT {

    @RegisterExtension
    static final RealApiServer API = new RealApiServer();

    private static final String OPERATOR = "system:serviceaccount:" + Helm.NAMESPACE + ":sluice-operator";

    /** Made after the chart's policies: the API server takes policies up in the order they were made in, all that it knows at once. */
    private static final String LAST_POLICY = """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicy
            metadata: {name: last-of-all}
            spec:
              matchConstraints:
                resourceRules:
                - {apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}
              validations: [{expression: object.metadata.name != 'last', message: the last policy is in force}]
            """;

    private static final String LAST_BINDING = """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicyBinding
            metadata: {name: last-of-all}
            spec: {policyName: last-of-all, validationActions: [Deny]}
            """;

    private final String namespace = API.newNamespace("policy");
    private final KubernetesClient author = API.clientAs("author", "system:authenticated");
    private final KubernetesClient operator = API.clientAs(OPERATOR, "system:serviceaccounts", "system:authenticated");

    @BeforeAll
    static void chartIsInstalledAndItsPoliciesAreInForce() {
        Helm.at(API.config()).upgradeOrInstall("hooks.enabled=true");
        List.of(LAST_POLICY, LAST_BINDING)
                .forEach(yaml -> API.client().resource(generic(yaml)).create());
        var namespace = API.newNamespace("policies");
        await("the last policy in force")
                .untilAsserted(() -> assertThatThrownBy(() -> API.client()
                                .resource(configMap(namespace, "last"))
                                .dryRun()
                                .create())
                        .hasMessageContaining("the last policy is in force"));
        try (var operator = API.clientAs(OPERATOR, "system:serviceaccounts", "system:authenticated")) {
            await("policies in force")
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThatThrownBy(() -> operator.resource(configMap(namespace, "not-ours"))
                                    .dryRun()
                                    .create())
                            .hasMessageContaining("may write only ConfigMaps"));
        }
    }

    @AfterAll
    static void chartIsGone() {
        List.of(LAST_BINDING, LAST_POLICY)
                .forEach(yaml -> API.client().resource(generic(yaml)).delete());
        Helm.at(API.config()).uninstall();
    }

    @BeforeEach
    void authorMayWriteRollouts() {
        allow("rollouts", "sluice.dev", "ratelimitrollouts", "", "get", "create", "update", "patch");
    }

    @AfterEach
    void close() {
        author.close();
        operator.close();
    }

    @Test
    void refusesARolloutWhoseAuthorMayNotReadItsRedisSecret() {
        allow("target", "apps", "deployments", "scholarship-api", "patch");
        allow("jwks", "", "secrets", "auth-keys", "get");
        assertThatThrownBy(() -> author.resource(rollout("redis-limiter")).create())
                .hasMessageContaining("spec.limiter.redis.secretRef.name: you may not read the Secret redis-limiter");
    }

    @Test
    void refusesARolloutWhoseAuthorMayNotReadItsKeySet() {
        allow("target", "apps", "deployments", "scholarship-api", "patch");
        allow("redis", "", "secrets", "redis-limiter", "get");
        assertThatThrownBy(() -> author.resource(rollout("redis-limiter")).create())
                .hasMessageContaining("jwksSecretRef.name: you may not read the Secret auth-keys");
    }

    @Test
    void refusesARolloutWhoseAuthorMayNotReadItsHmacKey() {
        allowEverythingNeeded();
        var yaml = rolloutYaml("redis-limiter")
                .replace("jwksSecretRef: {name: auth-keys}", "hmacSecretRef: {name: auth-key}");
        assertThatThrownBy(() -> author.resource(generic(yaml)).create())
                .hasMessageContaining("hmacSecretRef.name: you may not read the Secret auth-key");
        allow("hmac", "", "secrets", "auth-key", "get");
        assertThatCode(() -> author.resource(generic(yaml)).create()).doesNotThrowAnyException();
    }

    @Test
    void refusesARolloutWhoseAuthorMayNotPatchItsTarget() {
        allow("redis", "", "secrets", "redis-limiter", "get");
        allow("jwks", "", "secrets", "auth-keys", "get");
        assertThatThrownBy(() -> author.resource(rollout("redis-limiter")).create())
                .hasMessageContaining("spec.targetRef: you may not patch Deployment scholarship-api");
    }

    @Test
    void refusesAHookWhoseAuthorMayNotCreateJobs() {
        allowEverythingNeeded();
        var yaml = rolloutYaml("redis-limiter") + "  hooks: [{name: smoke, when: AfterStep, image: curl}]\n";
        assertThatThrownBy(() -> author.resource(generic(yaml)).create())
                .hasMessageContaining("spec.hooks: you may not create Jobs");
        allow("jobs", "batch", "jobs", "", "create");
        assertThatCode(() -> author.resource(generic(yaml)).create()).doesNotThrowAnyException();
    }

    @Test
    void letsTheOperatorMakeHooksAndNoOtherJobs() {
        assertThatCode(() -> operator.resource(hookJob("curl", "curl")).dryRun().create())
                .doesNotThrowAnyException();
        var unowned = new JobBuilder(hookJob("curl", "curl"))
                .editMetadata()
                .withOwnerReferences()
                .endMetadata()
                .build();
        assertThatThrownBy(() -> operator.resource(unowned).dryRun().create())
                .hasMessageContaining("only Jobs that are hooks");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    activeDeadlineSeconds: 300 | completions: 1
                    restartPolicy: Never       | restartPolicy: Never, hostNetwork: true
                    emptyDir: {}               | hostPath: {path: /etc}
                    image: curl                | image: curl, ports: [{containerPort: 80, hostPort: 80}]
                    runAsNonRoot: true         | runAsNonRoot: false
                    runAsNonRoot: true         | runAsNonRoot: true, capabilities: {add: [NET_ADMIN]}
                    Escalation: false          | Escalation: true
                    """)
    void letsTheOperatorMakeNoHookWithoutADeadlineOrWithPrivileges(String allowed, String instead) {
        assertThatThrownBy(() ->
                        operator.resource(hookJob(allowed, instead)).dryRun().create())
                .hasMessageContaining("only Jobs with a deadline whose pods have no privileges");
    }

    @Test
    void letsAnAuthorWithTheseRightsWriteIt() {
        allowEverythingNeeded();
        assertThatCode(() -> author.resource(rollout("redis-limiter")).create()).doesNotThrowAnyException();
    }

    @Test
    void letsSomebodyElseChangeARolloutButNotPointItAtAnotherSecret() {
        API.client().resource(rollout("redis-limiter")).create();
        assertThatCode(() -> changeAs(author, spec -> spec.replace("tokens: 100", "tokens: 90")))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> changeAs(author, spec -> spec.replace("redis-limiter", "redis-of-others")))
                .hasMessageContaining("you may not read the Secret redis-of-others");
    }

    @Test
    void letsTheOperatorAnnotateARolloutAndNotChangeItsSpec() {
        API.client().resource(rollout("redis-limiter")).create();
        assertThatCode(() -> operator.resource(rollout("redis-limiter")).edit(found -> {
                    found.getMetadata().setFinalizers(List.of("sluice.dev/rollout"));
                    return found;
                }))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> changeAs(operator, spec -> spec.replace("tokens: 100", "tokens: 90")))
                .hasMessageContaining("the operator may not change a rollout's spec");
    }

    @Test
    void letsTheOperatorLabelAPodTemplateAndNothingElse() {
        API.client().resource(deployment()).create();
        assertThatCode(() -> apply("sluice.dev/limiter", "scholarship-api.0a1b2c3d"))
                .doesNotThrowAnyException();
        assertThatCode(() -> apply("sluice.dev/limiter", null)).doesNotThrowAnyException();
        // More than the chart gives: the client of this test reads what it changes.
        allowTo(OPERATOR, "reading", "apps", "deployments", "", "get");
        assertDenied(d -> d.editSpec().withReplicas(7).endSpec());
        assertDenied(d -> d.editSpec().withMinReadySeconds(3).endSpec());
        assertDenied(d -> d.editMetadata().addToLabels("team", "other").endMetadata());
        assertDenied(d -> d.editMetadata().addToAnnotations("a", "b").endMetadata());
        assertDenied(d -> d.editSpec()
                .editTemplate()
                .editMetadata()
                .addToLabels("team", "other")
                .endMetadata()
                .endTemplate()
                .endSpec());
        assertDenied(d -> d.editSpec()
                .editTemplate()
                .editMetadata()
                .addToAnnotations("a", "b")
                .endMetadata()
                .endTemplate()
                .endSpec());
        assertDenied(d -> d.editSpec()
                .editTemplate()
                .editSpec()
                .editFirstContainer()
                .withImage("example/other:1")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec());
    }

    @Test
    void letsTheOperatorWriteItsOwnConfigMapsOnly() {
        assertThatCode(() -> operator.resource(configMap(namespace, "scholarship-api-limiter"))
                        .create())
                .doesNotThrowAnyException();
        assertThatThrownBy(() ->
                        operator.resource(configMap(namespace, "of-others")).create())
                .hasMessageContaining("may write only ConfigMaps");
        assertThatCode(() -> operator.resource(evidence(namespace, "scholarship-api-evidence"))
                        .create())
                .doesNotThrowAnyException();
        assertThatCode(() -> operator.resource(evidence(namespace, "scholarship-api-evidence"))
                        .update())
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> operator.resource(configMap(namespace, "nobodys-evidence"))
                        .create())
                .hasMessageContaining("may write only ConfigMaps");
        API.client().resource(configMap(namespace, "their-evidence")).create();
        assertThatThrownBy(() ->
                        operator.resource(evidence(namespace, "their-evidence")).update())
                .hasMessageContaining("may write only ConfigMaps");
        assertThatThrownBy(() -> operator.resource(configMap(namespace, "scholarship-api-limiter"))
                        .delete())
                .hasMessageContaining("forbidden");
    }

    @Test
    void letsNobodyNameSecretsInAStatusWhoMayNotReadThem() {
        allow("status", "sluice.dev", "ratelimitrollouts/status", "", "update", "patch");
        API.client().resource(rollout("redis-limiter")).create();

        assertThatThrownBy(() -> commitAs(author))
                .hasMessageContaining("a rollout's status may name Secrets to be mounted");
        assertThatCode(() -> commitAs(operator)).doesNotThrowAnyException();

        allow("secrets", "", "secrets", "", "get");
        assertThatCode(() -> commitAs(author)).doesNotThrowAnyException();
    }

    @Test
    void letsNobodyWriteABootstrapWhoMayNotReadTheSecretsItMayName() {
        allow("maps", "", "configmaps", "", "get", "create", "update", "patch");
        var bootstrap = bootstrap("scholarship-api-limiter");

        assertThatThrownBy(() -> author.resource(bootstrap).create())
                .hasMessageContaining("a ConfigMap with the label sluice.dev/bootstrap may name Secrets");
        assertThatCode(() -> author.resource(configMap(namespace, "unlabelled")).create())
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> author.resource(bootstrap("unlabelled")).update())
                .hasMessageContaining("a ConfigMap with the label sluice.dev/bootstrap may name Secrets");
        assertThatCode(() -> operator.resource(bootstrap).create()).doesNotThrowAnyException();

        allow("secrets", "", "secrets", "", "get");
        assertThatCode(() -> author.resource(bootstrap).update()).doesNotThrowAnyException();
    }

    private void commitAs(KubernetesClient client) {
        var stored = API.client().resource(rollout("redis-limiter")).get();
        stored.setAdditionalProperty("status", Map.of("phase", "Pending"));
        client.resource(stored).updateStatus();
    }

    private static ConfigMap evidence(String namespace, String name) {
        return new ConfigMapBuilder(configMap(namespace, name))
                .editMetadata()
                .addToLabels("sluice.dev/evidence", "true")
                .addNewOwnerReference()
                .withApiVersion("sluice.dev/v1alpha1")
                .withKind("RateLimitRollout")
                .withName("scholarship-api")
                .withUid("0f0f0f0f-0000-0000-0000-000000000000")
                .endOwnerReference()
                .endMetadata()
                .build();
    }

    private ConfigMap bootstrap(String name) {
        return new ConfigMapBuilder(configMap(namespace, name))
                .editMetadata()
                .addToLabels("sluice.dev/bootstrap", "true")
                .endMetadata()
                .build();
    }

    @Test
    void givesTheOperatorNoSecretOfANamespaceWithRollouts() {
        assertThatThrownBy(() -> operator.secrets()
                        .inNamespace(namespace)
                        .withName("redis-limiter")
                        .get())
                .hasMessageContaining("forbidden");
        assertThatThrownBy(() -> operator.secrets().inNamespace(Helm.NAMESPACE).list())
                .hasMessageContaining("forbidden");
        assertThat(operator.secrets()
                        .inNamespace(Helm.NAMESPACE)
                        .withName("sluice-certs")
                        .get())
                .isNotNull();
    }

    private void apply(String label, @Nullable String value) {
        var labels = value == null ? "{}" : "{" + label + ": " + value + "}";
        var wanted = """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: scholarship-api, namespace: %s}
                spec: {template: {metadata: {labels: %s}}}
                """.formatted(namespace, labels);
        GenericKubernetesResource resource =
                new KubernetesSerialization().unmarshal(wanted, GenericKubernetesResource.class);
        operator.resource(resource)
                .fieldManager("sluice-injection")
                .forceConflicts()
                .serverSideApply();
    }

    @Test
    void holdsTheOperatorToItsLabelOnAStatefulSet() {
        API.client().resource(statefulSet()).create();
        // More than the chart gives: the client of this test reads what it changes.
        allowTo(OPERATOR, "reading-sets", "apps", "statefulsets", "", "get");
        var set = operator.apps().statefulSets().inNamespace(namespace).withName("scholarship-api");
        assertThatCode(() -> set.edit(found -> {
                    found.getSpec().getTemplate().getMetadata().getLabels().put("sluice.dev/limiter", "api.0a1b2c3d");
                    return found;
                }))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> set.edit(found -> {
                    found.getSpec().setReplicas(7);
                    return found;
                }))
                .hasMessageContaining("the operator may change nothing of a workload but");
    }

    private void assertDenied(UnaryOperator<DeploymentBuilder> change) {
        assertThatThrownBy(() -> operator.apps()
                        .deployments()
                        .inNamespace(namespace)
                        .withName("scholarship-api")
                        .edit(found ->
                                change.apply(new DeploymentBuilder(found)).build()))
                .hasMessageContaining("the operator may change nothing of a workload but");
    }

    private void changeAs(KubernetesClient client, UnaryOperator<String> change) {
        client.resource(generic(change.apply(rolloutYaml("redis-limiter"))))
                .fieldManager("test")
                .forceConflicts()
                .serverSideApply();
    }

    private GenericKubernetesResource rollout(String secret) {
        return generic(rolloutYaml(secret));
    }

    private static GenericKubernetesResource generic(String yaml) {
        return new KubernetesSerialization().unmarshal(yaml, GenericKubernetesResource.class);
    }

    private String rolloutYaml(String secret) {
        return """
                apiVersion: sluice.dev/v1alpha1
                kind: RateLimitRollout
                metadata: {name: scholarship-api, namespace: %s}
                spec:
                  targetRef: {kind: Deployment, name: scholarship-api}
                  limiter:
                    backend: Redis
                    redis: {secretRef: {name: %s}}
                    limits:
                    - {name: api, tokens: 100, per: 1m, burst: 150}
                    identity: {user: {jwt: {jwksSecretRef: {name: auth-keys}}}}
                """.formatted(namespace, secret);
    }

    /** A hook's Job, with something else in the place of what is allowed. */
    private Job hookJob(String allowed, String instead) {
        return new KubernetesSerialization().unmarshal("""
                apiVersion: batch/v1
                kind: Job
                metadata:
                  name: scholarship-api-smoke-1
                  namespace: %s
                  labels: {sluice.dev/hook: smoke}
                  ownerReferences: [{apiVersion: sluice.dev/v1alpha1, kind: RateLimitRollout, name: scholarship-api, uid: 6f0c}]
                spec:
                  activeDeadlineSeconds: 300
                  template:
                    spec: {restartPolicy: Never, volumes: [{name: tmp, emptyDir: {}}], containers: [
                      {name: hook, image: curl, securityContext: {runAsNonRoot: true, allowPrivilegeEscalation: false}}]}
                """.formatted(namespace).replace(allowed, instead), Job.class);
    }

    private Deployment deployment() {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("scholarship-api")
                .endMetadata()
                .withNewSpec()
                .withNewSelector()
                .addToMatchLabels("app", "scholarship-api")
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", "scholarship-api")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("app")
                .withImage("example/scholarship-api:1")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    private StatefulSet statefulSet() {
        var like = deployment();
        return new StatefulSetBuilder()
                .withMetadata(like.getMetadata())
                .withNewSpec()
                .withServiceName("scholarship-api")
                .withSelector(like.getSpec().getSelector())
                .withTemplate(like.getSpec().getTemplate())
                .endSpec()
                .build();
    }

    private static ConfigMap configMap(String namespace, String name) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .build();
    }

    private void allowEverythingNeeded() {
        allow("target", "apps", "deployments", "scholarship-api", "patch");
        allow("redis", "", "secrets", "redis-limiter", "get");
        allow("jwks", "", "secrets", "auth-keys", "get");
    }

    private void allow(String role, String group, String resource, String name, String... verbs) {
        allowTo("author", role, group, resource, name, verbs);
    }

    private void allowTo(String user, String role, String group, String resource, String name, String... verbs) {
        API.client()
                .resource(new RoleBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(role)
                        .endMetadata()
                        .withRules(rule(group, resource, name, verbs))
                        .build())
                .create();
        API.client()
                .resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(role)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "Role", role)
                        .addNewSubject("rbac.authorization.k8s.io", "User", user, null)
                        .build())
                .create();
        // The API server takes rules up after it has stored them.
        await().until(() -> Stream.of(verbs).allMatch(verb -> mayDo(user, group, resource, name, verb)));
    }

    private boolean mayDo(String user, String group, String resource, String name, String verb) {
        var parts = resource.split("/", 2);
        return API.client()
                .resource(new SubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withUser(user)
                        .withNewResourceAttributes()
                        .withNamespace(namespace)
                        .withGroup(group)
                        .withResource(parts[0])
                        .withSubresource(parts.length > 1 ? parts[1] : "")
                        .withName(name)
                        .withVerb(verb)
                        .endResourceAttributes()
                        .endSpec()
                        .build())
                .create()
                .getStatus()
                .getAllowed();
    }

    private static PolicyRule rule(String group, String resource, String name, String... verbs) {
        var rule = new PolicyRuleBuilder()
                .withApiGroups(group)
                .withResources(resource)
                .withVerbs(verbs);
        return name.isEmpty() ? rule.build() : rule.withResourceNames(name).build();
    }
}
