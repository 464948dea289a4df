package sluice.cli;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class RehearsalTest {
    @Test
    void everyCommandEndsAsItDoesForPeople() {
        assertThatCode(Rehearsal::rehearse).doesNotThrowAnyException();
    }
}
