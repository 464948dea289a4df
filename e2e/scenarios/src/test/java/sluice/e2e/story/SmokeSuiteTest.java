package sluice.e2e.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sluice.e2e.cluster.Scripts;

class SmokeSuiteTest {
    private static final URI SERVICE = URI.create("https://scholarship.example");

    @ParameterizedTest
    @EnumSource
    void namesWhatIsPrepared(SmokeSuite suite) throws IOException {
        var prepare = Files.readString(Scripts.ofThisRepository().root().resolve("e2e/around/smoke/prepare"));

        assertThat(prepare)
                .contains(
                        " " + suite.hook(SERVICE).get("image") + " ",
                        "create configmap " + suite.hook(SERVICE).get("scripts") + " ",
                        "create secret generic smoke-tokens ",
                        "student:",
                        "provider:",
                        "admin:");
    }

    @Test
    void callsTheServiceWhereEverybodyDoes() {
        assertThat(SmokeSuite.AFTER_PROMOTION.hook(SERVICE).toString()).contains("value=" + SERVICE);
    }

    @Test
    void hasAHookOfItsOwnForEveryPlace() {
        assertThat(each("name")).hasSameSizeAs(SmokeSuite.values());
        assertThat(each("when")).containsExactlyInAnyOrder("AfterPromotion", "AfterRollback");
    }

    private static Set<Object> each(String field) {
        return Stream.of(SmokeSuite.values())
                .map(suite -> suite.hook(SERVICE).get(field))
                .collect(Collectors.toSet());
    }
}
