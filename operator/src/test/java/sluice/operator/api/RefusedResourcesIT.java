package sluice.operator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.operator.testing.RealApiServer;

class RefusedResourcesIT {

    @RegisterExtension
    static final RealApiServer API = new RealApiServer();

    private static String namespace = "";

    @BeforeAll
    static void makeNamespace() {
        namespace = API.newNamespace("refused");
    }

    static Stream<BadResource> badResources() throws IOException {
        return BadResource.all();
    }

    @ParameterizedTest
    @MethodSource("badResources")
    void isRefusedWithAMessageThatNamesTheFieldAndTheFix(BadResource bad) throws IOException {
        var resource = Examples.read("scholarship-api.yaml");
        bad.spoil(resource);

        var refusal = catchThrowableOfType(
                KubernetesClientException.class,
                () -> API.client()
                        .resource(Examples.generic(resource))
                        .inNamespace(namespace)
                        .fieldValidation(Validation.STRICT)
                        .create());

        assertThat(refusal).as("refusal").isNotNull();
        assertThat(refusal.getStatus().getMessage())
                .contains(bad.says())
                .doesNotContain("evaluation error", "no such key", "Internal error");
    }

    @Test
    void theTableHasEveryKindOnce() throws IOException {
        assertThat(badResources().map(BadResource::what))
                .doesNotHaveDuplicates()
                .hasSizeGreaterThan(100);
    }
}
