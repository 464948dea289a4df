package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTextTest {
    @ParameterizedTest
    @EnumSource
    void everyVerbIsReadWithItsRevision(Verb verb) {
        String text = verb.text() + "@3f9a0c12de/1";
        assertThat(Command.parse(text)).isEqualTo(new Command.Given(text, verb, "3f9a0c12de"));
    }

    @Test
    void theNonceIsEverythingBehindTheFirstSlash() {
        assertThat(Command.parse("abort@1/2/3")).isEqualTo(new Command.Given("abort@1/2/3", Verb.ABORT, "1"));
        assertThat(Command.parse("abort@1/x")).isEqualTo(new Command.Given("abort@1/x", Verb.ABORT, "1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abort", "abort/1", "abort@1", "abort@/1", "abort@1/", "@", "abort/1@2"})
    void aTextOfAnotherFormIsMalformed(String text) {
        assertThat(Command.parse(text))
                .isEqualTo(
                        new Command.Malformed(
                                text,
                                "use <verb>@<revision>/<anything new>, such as promote@3f9a0c12de/1, with status.candidate.revision"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"halt@1/1", "Abort@1/1", "@1/1"})
    void anotherVerbIsMalformed(String text) {
        assertThat(Command.parse(text))
                .isInstanceOfSatisfying(
                        Command.Malformed.class,
                        malformed -> assertThat(malformed.why()).startsWith("the verbs are promote, promote-full"));
    }

    @Test
    void aLongTextIsCutAndStillACommand() {
        String longest = "abort@1/" + "x".repeat(192);
        assertThat(Command.parse(longest).text()).isEqualTo(longest);
        assertThat(Command.parse(longest + "y")).isEqualTo(new Command.Given(longest, Verb.ABORT, "1"));
    }
}
