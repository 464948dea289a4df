package sluice.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.operator.admission.InjectionLabel;
import sluice.operator.api.v1alpha1.PendingNotification;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.notify.SlackReceiver;
import sluice.operator.notify.SlackReceiver.Reply;
import sluice.operator.notify.SlackSettings;
import sluice.operator.testing.RealApiServer;

/** The outbox in a real API server's status, and a real HTTP server in Slack's place. */
class NotificationsIT {

    @RegisterExtension
    static final RealApiServer API = new RealApiServer();

    private static final String TOLD = "notifications: {slack: {channel: '#oncall'}}";
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path folder = Path.of("");

    private final SlackReceiver slack = new SlackReceiver();
    private Optional<TestNamespace> namespace = Optional.empty();
    private Optional<TestOperator> operator = Optional.empty();

    @BeforeEach
    void start() throws IOException {
        namespace = Optional.of(new TestNamespace(API.client(), API.newNamespace("notify"), folder));
        operator = Optional.of(newOperator());
    }

    private TestOperator newOperator() throws IOException {
        var token = Files.writeString(folder.resolve("token"), "xoxb-canary");
        return new TestOperator(API.config(), world().name(), new SlackSettings(token, null, slack.url(), List.of()));
    }

    @AfterEach
    void stop() {
        namespace.ifPresent(TestNamespace::close);
        operator.ifPresent(TestOperator::close);
        slack.close();
    }

    @Test
    void tellsAWholeRolloutAndForgetsWhatItTold() {
        begin();
        await().atMost(LONG).until(() -> phase().equals("Promoted"));

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(headlines())
                        .containsExactly(
                                "started",
                                "weight 10, step 1 of 2",
                                "weight 100, step 2 of 2",
                                "promoted; everyone has the new limiter"));
        await().atMost(LONG).until(() -> pending().isEmpty());
        assertThat(slack.asked())
                .allMatch(message -> message.body().path("channel").asText().equals("#oncall"));
        assertThat(delivered().getStatus()).isEqualTo("True");
    }

    static Stream<Named<Consumer<SlackReceiver>>> troubles() {
        return Stream.of(
                Named.of("500", slack -> slack.answers(Reply.of(500, "oops"))),
                Named.of("429", slack -> slack.answers(new Reply(429, "", Map.of("Retry-After", "1")))),
                Named.of(
                        "a wrong token",
                        slack -> slack.answers(Reply.of(200, "{\"ok\":false,\"error\":\"invalid_auth\"}"))),
                Named.of("no answer", SlackReceiver::saysNothing));
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void goesBackWithoutSlackAndTellsSoInItsNextLife(Consumer<SlackReceiver> trouble) throws IOException {
        trouble.accept(slack);
        operator().signals.candidateErrors = 0.5;
        begin();

        await().atMost(LONG).until(() -> phase().equals("RolledBack"));
        assertThat(slack.texts()).isEmpty();
        await().atMost(LONG).until(() -> delivered().getStatus().equals("False"));
        assertThat(pending())
                .extracting(PendingNotification::kind)
                .containsExactly("Decision", "Decision", "Rollback", "Rollback");

        operator().close();
        slack.answers(SlackReceiver.TAKEN);
        operator = Optional.of(newOperator());

        await().atMost(LONG).until(() -> pending().isEmpty());
        assertThat(headlines().stream().distinct())
                .containsExactly(
                        "started",
                        "weight 10, step 1 of 2",
                        "ROLLING BACK from weight 10 to 0",
                        "rolled back from weight 10 to 0");
        assertThat(slack.texts())
                .anyMatch(text -> text.contains("ErrorRatio (candidate) was 0.5, at or over 0.01 for 1 s"));
        await().atMost(LONG).until(() -> delivered().getStatus().equals("True"));
        assertThat(Serialization.asJson(world().rollout().get())).doesNotContain("canary");
    }

    private void begin() {
        world().apply("tokens: 100", TOLD);
        await().atMost(LONG).until(() -> world().templateLabels().containsKey(InjectionLabel.key()));
        world().runPods(operator());
    }

    /** The first line of what is in the channel, without the rollout's name. */
    private List<String> headlines() {
        var name = world().name() + "/scholarship-api: ";
        return slack.texts().stream()
                .map(text -> text.lines().findFirst().orElse(""))
                .map(line -> line.startsWith(name) ? line.substring(name.length()) : line)
                .toList();
    }

    private List<PendingNotification> pending() {
        return status().map(RateLimitRolloutStatus::pendingNotifications).orElse(List.of());
    }

    private Condition delivered() {
        return status().map(RateLimitRolloutStatus::conditions).orElse(List.of()).stream()
                .filter(each -> each.getType().equals("NotificationsDelivered"))
                .findFirst()
                .orElseGet(() -> new ConditionBuilder().withStatus("").build());
    }

    private String phase() {
        return status().map(RateLimitRolloutStatus::phase).orElse("");
    }

    private Optional<RateLimitRolloutStatus> status() {
        return Optional.ofNullable(world().rollout().get().getStatus());
    }

    private TestNamespace world() {
        return namespace.orElseThrow();
    }

    private TestOperator operator() {
        return operator.orElseThrow();
    }
}
