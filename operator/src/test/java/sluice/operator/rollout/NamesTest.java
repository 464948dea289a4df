package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What stands in status is read back by another operator, maybe by one of another version. */
class NamesTest {
    record Names<T>(List<T> all, Function<T, String> text, Function<String, T> of, List<String> expected) {
        static <T> Names<T> of(T[] all, Function<T, String> text, Function<String, T> of, String... expected) {
            return new Names<>(Arrays.asList(all), text, of, Arrays.asList(expected));
        }

        void check() {
            assertThat(all.stream().map(text)).isEqualTo(expected);
            assertThat(expected.stream().map(of)).isEqualTo(all);
            assertThatThrownBy(() -> of.apply("Nonsense"))
                    .hasMessageContaining("no such")
                    .hasMessageEndingWith("Nonsense");
        }
    }

    private static Stream<Names<?>> names() {
        return Stream.of(
                Names.of(
                        Phase.values(),
                        Phase::text,
                        Phase::of,
                        "Pending",
                        "Injecting",
                        "Observing",
                        "Progressing",
                        "Paused",
                        "Baking",
                        "Promoted",
                        "RollingBack",
                        "RolledBack",
                        "Suspended"),
                Names.of(
                        Order.values(),
                        Order::text,
                        Order::of,
                        "Suspended",
                        "Paused",
                        "AwaitingApproval",
                        "Approved",
                        "HoldSkipped",
                        "Full",
                        "Aborted"),
                Names.of(Scope.values(), Scope::text, Scope::of, "candidate", "stable", "service"),
                Names.of(
                        Signal.BuiltIn.values(),
                        Signal.BuiltIn::text,
                        text -> (Signal.BuiltIn) Signal.of(text),
                        "ErrorRatio",
                        "LatencyP95",
                        "AuthFailures",
                        "ThrottledRatio"),
                Names.of(
                        CommandNote.Outcome.values(),
                        CommandNote.Outcome::text,
                        CommandNote.Outcome::of,
                        "Done",
                        "Ignored",
                        "Malformed"),
                Names.of(
                        RollbackProof.values(),
                        RollbackProof::text,
                        RollbackProof::of,
                        "Acknowledged",
                        "LeaseExpired",
                        "SidecarsRemoved"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void areReadBackAndNoneElse(Names<?> names) {
        names.check();
    }
}
