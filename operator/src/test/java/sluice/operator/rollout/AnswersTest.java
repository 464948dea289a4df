package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.operator.rollout.Plans.INTERVAL;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.operator.rollout.CommandNote.Outcome;

/** Every command is answered in words, also where there is nothing to do. */
class AnswersTest {
    private static final UnaryOperator<Seen> HEALTHY = UnaryOperator.identity();

    private static CommandNote answer(Story story, String verb) {
        story.told(Verb.of(verb).orElseThrow()).after(INTERVAL, HEALTHY);
        return story.state().orders().last().orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            INJECTING   | promote      | there is no step to leave in phase Injecting
            INJECTING   | skip-hold    | there is no hold in phase Injecting
            OBSERVING   | promote-full | there is no step to leave in phase Observing
            PROGRESSING | resume       | it is not paused
            PROGRESSING | retry        | nothing was rolled back, and no hook has failed, in phase Progressing
            PROGRESSING | skip-hook    | no hook is waited for in phase Progressing
            BAKING      | promote-full | it is in its last step; promote ends that step's hold
            PROMOTED    | pause        | nothing is on its way in phase Promoted
            PROMOTED    | abort        | nothing is on its way in phase Promoted
            PROMOTED    | skip-hold    | there is no hold in phase Promoted
            """, quoteCharacter = '"')
    void whatHasNothingToDoIsIgnoredAndSaysWhy(Phase phase, String verb, String why) {
        Story story = Story.until(phase);
        CommandNote answer = answer(story, verb);
        assertThat(answer.outcome()).isEqualTo(Outcome.IGNORED);
        assertThat(answer.message()).isEqualTo(why);
        assertThat(answer.at()).isEqualTo(story.now());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PENDING     | pause        | it does not begin before somebody says resume
            PENDING     | abort        | it does not begin before spec.limiter changes or somebody says retry
            INJECTING   | abort        | back to the stable limiter
            OBSERVING   | pause        | stays at weight 0
            OBSERVING   | skip-hold    | the hold is over
            PROGRESSING | pause        | stays at weight 10
            PROGRESSING | promote      | the step's hold is over
            PROGRESSING | promote-full | goes on to the last step
            BAKING      | skip-hold    | the hold is over
            """, quoteCharacter = '"')
    void whatIsDoneIsSaid(Phase phase, String verb, String what) {
        CommandNote answer = answer(Story.until(phase), verb);
        assertThat(answer.outcome()).isEqualTo(Outcome.DONE);
        assertThat(answer.message()).isEqualTo(what);
    }

    @Test
    void resumeEndsAPauseAndSaysSo() {
        Story story = Story.until(Phase.PROGRESSING).told(Verb.PAUSE).after(INTERVAL, HEALTHY);
        assertThat(answer(story, "resume").message()).isEqualTo("goes on");
        assertThat(story.phase()).isEqualTo(Phase.PROGRESSING);
    }

    @Test
    void aCommandThatStaysInTheResourceIsAnsweredOnce() {
        Story story = Story.until(Phase.PROGRESSING);
        CommandNote first = answer(story, "pause");
        story.after(INTERVAL, HEALTHY);
        assertThat(story.state().orders().last()).contains(first);
    }
}
