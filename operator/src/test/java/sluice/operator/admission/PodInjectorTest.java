package sluice.operator.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.zjsonpatch.JsonDiff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.operator.api.v1alpha1.RateLimitRollout;

/**
 * Each folder of {@code src/test/resources/injection} is a shape of pod: {@code in-pod.yaml}, {@code in-rollout.yaml} where it differs
 * from the common one, and what must come out: {@code out-pod.yaml}, or {@code out-reason.txt} where the pod stays as it was. To
 * write the outputs anew after a wanted change run with {@code -Dgolden.write=true} and read the difference.
 */
class PodInjectorTest {

    private static final Path SHAPES = Path.of("src/test/resources/injection");
    private static final ObjectMapper YAML = new YAMLMapper(YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .build());
    private static final InjectionSettings SETTINGS = InjectionSettings.of(
            "sluice/limiter-sidecar:0.1.0", "IfNotPresent", "https://sluice-control.sluice-system.svc:9443");

    private final PodInjector injector = new PodInjector(() -> "drain-token-of-this-pod");

    @ParameterizedTest
    @MethodSource("shapes")
    void injectsEveryShapeOfPodAsItsFolderSays(Path shape) throws IOException {
        var injection = injector.inject(pod(shape), rollout(shape), SETTINGS);
        switch (injection) {
            case Injection.Injected injected -> assertGolden(shape.resolve("out-pod.yaml"), yaml(injected.pod()));
            case Injection.AlreadyInjected already -> assertGolden(shape.resolve("out-pod.yaml"), yaml(already.pod()));
            case Injection.Skipped skipped -> {
                assertGolden(shape.resolve("out-reason.txt"), skipped.reason() + "\n");
                assertThat(skipped.pod()).isEqualTo(pod(shape));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void injectsTwiceLikeOnce(Path shape) throws IOException {
        var once = injector.inject(pod(shape), rollout(shape), SETTINGS).pod();
        assertThat(injector.inject(once, rollout(shape), SETTINGS).pod()).isEqualTo(once);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void leavesTheGivenPodAlone(Path shape) throws IOException {
        var pod = pod(shape);
        injector.inject(pod, rollout(shape), SETTINGS);
        assertThat(pod).isEqualTo(pod(shape));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void changesNothingButWhatInjectionIsAbout(Path shape) throws IOException {
        var before = withoutWhatIsOurs(pod(shape));
        var after = injector.inject(pod(shape), rollout(shape), SETTINGS).pod();
        assertThat(changes(before, withoutWhatIsOurs(after)))
                .allMatch(change -> change.matches("add /metadata/annotations(/sluice.dev~1.*)?"
                        + "|replace /spec/(initContainers|containers)/\\d+/ports/\\d+/name"
                        + "|replace /spec/(initContainers|containers)/\\d+/(startup|readiness|liveness)Probe/(httpGet|tcpSocket)/port"
                        + "|replace /spec/(initContainers|containers)/\\d+/lifecycle/(postStart|preStop)/(httpGet|tcpSocket)/port"
                        + "|add /spec/containers/\\d+/lifecycle(/preStop)?"
                        + "|(add|replace) /spec/terminationGracePeriodSeconds"));
    }

    @Test
    void saysThatAHostPortGoesPastTheLimiter() throws IOException {
        var shape = SHAPES.resolve("taken-numbers-and-names");
        var injection = injector.inject(pod(shape), rollout(shape), SETTINGS);
        assertThat(injection)
                .isInstanceOfSatisfying(
                        Injection.Injected.class,
                        injected -> assertThat(injected.warnings())
                                .containsExactly("hostPort 80 reaches the app past the limiter"));
    }

    private static Pod withoutWhatIsOurs(Pod pod) {
        return new PodBuilder(pod)
                .editSpec()
                .removeMatchingFromInitContainers(container -> "sluice-limiter".equals(container.getName()))
                .removeMatchingFromVolumes(volume -> volume.getName().startsWith("sluice-"))
                .endSpec()
                .build();
    }

    private static List<String> changes(Pod before, Pod after) {
        JsonNode patch = JsonDiff.asJson(YAML.valueToTree(before), YAML.valueToTree(after));
        return StreamSupport.stream(patch.spliterator(), false)
                .map(change ->
                        change.path("op").asText() + " " + change.path("path").asText())
                .toList();
    }

    private static Stream<Path> shapes() throws IOException {
        try (var folders = Files.list(SHAPES)) {
            return folders.filter(Files::isDirectory).sorted().toList().stream();
        }
    }

    private static Pod pod(Path shape) throws IOException {
        return YAML.readValue(shape.resolve("in-pod.yaml").toFile(), Pod.class);
    }

    private static RateLimitRollout rollout(Path shape) throws IOException {
        var own = shape.resolve("in-rollout.yaml");
        var file = Files.exists(own) ? own : SHAPES.resolve("in-rollout.yaml");
        return YAML.readValue(file.toFile(), RateLimitRollout.class);
    }

    private static String yaml(Pod pod) throws JsonProcessingException {
        return YAML.writeValueAsString(pod);
    }

    private static void assertGolden(Path expected, String actual) throws IOException {
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(expected, actual);
        }
        assertThat(actual).isEqualTo(Files.readString(expected));
    }
}
