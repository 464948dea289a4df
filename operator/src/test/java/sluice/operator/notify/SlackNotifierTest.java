package sluice.operator.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.operator.notify.SlackReceiver.Reply;
import sluice.operator.reconcile.Notification;
import sluice.operator.reconcile.Notification.Kind;
import sluice.operator.reconcile.Notifier.Outcome;
import sluice.operator.reconcile.Notifier.Trouble;
import sluice.operator.reconcile.ReportLink;

class SlackNotifierTest {

    private static final String ROLLOUT = "apps/scholarship-api";
    private static final String TOKEN = "xoxb-canary-7f3a";
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration LONG = Duration.ofSeconds(30);

    private final SlackReceiver slack = new SlackReceiver();
    private final List<String> metered = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private volatile boolean leads = true;

    @TempDir
    private Path folder = Path.of("");

    private Optional<SlackNotifier> open = Optional.empty();

    @BeforeEach
    void start() throws IOException {
        use(new SlackSettings(secret("token", TOKEN + "\n"), null, slack.url(), List.of()));
    }

    @AfterEach
    void stop() {
        open.ifPresent(SlackNotifier::close);
        slack.close();
    }

    @Test
    void postsAsTheBotToTheChannelOfTheResource() {
        deliverUntilSent("a", notification("a"));
        var message = slack.asked().getFirst();
        assertThat(message.authorization()).isEqualTo("Bearer " + TOKEN);
        assertThat(message.body().path("channel").asText()).isEqualTo("#oncall");
        assertThat(message.text()).isEqualTo("text a");
        assertThat(metered()).containsExactly("sent");
    }

    @Test
    void postsToAWebhook() throws IOException {
        slack.answers(Reply.of(200, "ok"));
        use(new SlackSettings(null, secret("webhook", slack.url().toString()), slack.url(), List.of()));
        deliverUntilSent("a", notification("a"));
        assertThat(slack.asked().getFirst().authorization()).isEmpty();
    }

    @Test
    void nothingInATextCallsAnybodyOrIsALink() {
        deliverUntilSent("a", new Notification("a", Kind.DECISION, "<!channel> & <https://evil|here> @here", NOW, 0));
        var body = slack.asked().getFirst().body();
        assertThat(body.path("text").asText()).isEqualTo("&lt;!channel&gt; &amp; &lt;https://evil|here&gt; @here");
        assertThat(body.path("parse").asText()).isEqualTo("none");
        assertThat(body.path("link_names").asBoolean(true)).isFalse();
        assertThat(body.path("mrkdwn").asBoolean(true)).isFalse();
    }

    @Test
    void saysWhenItIsLateAndWhatWasLeftOut() {
        deliverUntilSent("a", new Notification("a", Kind.DECISION, "text", NOW.minusSeconds(600), 3));
        assertThat(slack.texts().getFirst())
                .isEqualTo("text\n(This was at 2025-12-31T23:50:00Z; it could not be sent before.)"
                        + "\n(Others were left out, because too many waited: 3.)");
    }

    @Test
    void sendsOneAfterTheOtherAndEachOnce() {
        var all = List.of(notification("a"), notification("b"), notification("c"));
        await().until(() -> {
            notifier().deliver(ROLLOUT, "#oncall", all);
            return isSent("c") && !notifier().isBusy();
        });
        notifier().deliver(ROLLOUT, "#oncall", all);
        await().until(() -> !notifier().isBusy());
        assertThat(slack.texts()).containsExactly("text a", "text b", "text c");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            500 | oops                                     | SlackFailing   | Slack answered 500
            503 | {"ok":true}                              | SlackFailing   | Slack answered 503
            302 | ''                                       | SlackFailing   | Slack answered 302
            200 | <html>a proxy page</html>                | SlackFailing   | what answers at slack.url is not Slack's chat.postMessage
            200 | {"ok":false,"error":"Who <b>are</b>"}    | SlackFailing   | what answers at slack.url is not Slack's chat.postMessage
            200 | {"ok":false,"error":"internal_error"}    | SlackFailing   | Slack answered internal_error
            200 | {"ok":false,"error":"not_in_channel"}    | ChannelRefused | Slack answered not_in_channel; name a channel that the operator's bot is in in spec.notifications.slack.channel
            200 | {"ok":false,"error":"invalid_auth"}      | SlackRefused   | Slack answered invalid_auth; see the operator's own Secret for Slack
            """)
    void triesAgainWhatFails(int status, String body, String reason, String message) {
        slack.answers(Reply.of(status, body));

        assertThat(troubleWith(notification("a"))).isEqualTo(new Trouble(reason, message));
        assertThat(notifier().outcome("a")).isEmpty();
        assertThat(metered()).containsExactly("failed");

        slack.answers(SlackReceiver.TAKEN);
        await().until(() -> {
            pass(Duration.ofSeconds(1));
            deliver(notification("a"));
            return isSent("a");
        });
        assertThat(notifier().trouble(ROLLOUT)).isEmpty();
    }

    @Test
    void waitsLongerEachTimeButNeverLongerThanAMinute() {
        slack.answers(Reply.of(500, ""));
        var waited = new ArrayList<Integer>();
        for (int i = 1; i <= 10; i++) {
            waited.add(secondsUntilAsked(i));
        }

        assertThat(waited.getFirst()).isZero();
        assertThat(waited.get(5)).isBetween(8, 17);
        assertThat(waited.subList(7, 10)).allMatch(seconds -> seconds >= 30 && seconds <= 61);
    }

    private int secondsUntilAsked(int times) {
        for (int seconds = 0; seconds < 100; seconds++) {
            deliver(notification("a"));
            if (isIdleAfter(times)) {
                return seconds;
            }
            pass(Duration.ofSeconds(1));
        }
        throw new AssertionError("not asked " + times + " times");
    }

    /** Whether a request was made, and has been dealt with. */
    private boolean isIdleAfter(int times) {
        if (!notifier().isBusy() && slack.asked().size() < times) {
            return false;
        }
        await().until(() -> !notifier().isBusy());
        return slack.asked().size() >= times;
    }

    @Test
    void leavesSlackAloneForAsLongAsItAsks() {
        slack.answers(new Reply(429, "", Map.of("Retry-After", "30")));
        troubleWith(notification("a"));
        slack.answers(SlackReceiver.TAKEN);

        pass(Duration.ofSeconds(29));
        deliver(notification("a"));
        notifier().deliver("apps/another", "#oncall", List.of(notification("b")));
        assertThat(notifier().isBusy()).isFalse();

        pass(Duration.ofSeconds(2));
        deliverUntilSent("a", notification("a"));
        await().until(() -> {
            notifier().deliver("apps/another", "#oncall", List.of(notification("b")));
            return isSent("b");
        });
    }

    @Test
    void doesNotWaitForOneThatSaysNothing() throws IOException {
        use(new SlackSettings(secret("token", TOKEN), null, slack.url(), List.of()), Duration.ofSeconds(1));
        slack.saysNothing();

        assertThat(troubleWith(notification("a")).message()).startsWith("Slack did not answer within");
    }

    @Test
    void saysThatItCannotBeReached() {
        slack.close();

        assertThat(troubleWith(notification("a")).message()).isEqualTo("Slack cannot be reached, or breaks off");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            200 | {"ok":false,"error":"msg_too_long"}
            400 | no_text
            """)
    void aMessageThatIsRefusedHoldsNoOtherUp(int status, String body) throws IOException {
        if (status == 400) {
            use(new SlackSettings(null, secret("webhook", slack.url().toString()), slack.url(), List.of()));
        }
        slack.answers(Reply.of(status, body));
        await().until(() -> {
            deliver(notification("a"), notification("b"));
            return notifier().outcome("b").isPresent();
        });
        assertThat(notifier().outcome("a")).get().isInstanceOf(Outcome.Refused.class);
        assertThat(notifier().trouble(ROLLOUT)).isEmpty();
    }

    @Test
    void sendsNothingWhenAnotherLeads() {
        leads = false;
        deliver(notification("a"));
        await().until(() -> !notifier().isBusy());
        assertThat(slack.asked()).isEmpty();

        leads = true;
        deliverUntilSent("a", notification("a"));
    }

    @Test
    void refusesAChannelThatTheOwnerDoesNotAllow() throws IOException {
        use(new SlackSettings(secret("token", TOKEN), null, slack.url(), List.of("#team-*", "#dev")));

        assertThat(troubleWith(notification("a")).message())
                .isEqualTo("spec.notifications.slack.channel: the operator's owner allows [#team-*, #dev] only");
        pass(Duration.ofSeconds(2));
        await().until(() -> {
            notifier().deliver(ROLLOUT, "#team-a", List.of(notification("a")));
            return isSent("a");
        });
    }

    @Test
    void saysWhenNothingIsConfigured() {
        use(SlackSettings.NONE);

        assertThat(troubleWith(notification("a")).reason()).isEqualTo("SlackNotConfigured");
    }

    @Test
    void readsTheTokenAgainForEveryMessage() throws IOException {
        deliverUntilSent("a", notification("a"));
        secret("token", "xoxb-next");
        deliverUntilSent("b", notification("a"), notification("b"));

        assertThat(slack.asked())
                .extracting(SlackReceiver.Message::authorization)
                .endsWith("Bearer xoxb-next");
    }

    @Test
    void linksToTheReportAndToNothingElse() {
        var text = """
                ROLLING BACK
                Report: https://reports.example/apps/api?a&revision=3f9a
                Report: https://elsewhere.example/apps/api
                Report: https://reports.example/a|<!channel>
                <https://elsewhere.example/|Report> & <!here>""";
        deliverUntilSent("a", new Notification("a", Kind.ROLLBACK, text, NOW, 0));

        assertThat(slack.texts()).containsExactly("""
                ROLLING BACK
                Report: <https://reports.example/apps/api?a&amp;revision=3f9a>
                Report: https://elsewhere.example/apps/api
                Report: https://reports.example/a|&lt;!channel&gt;
                &lt;https://elsewhere.example/|Report&gt; &amp; &lt;!here&gt;""");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "xoxb-canary-7f3a with spaces", "xoxb-canary-7f3a\r\nX-Evil: 1", "xoxb-canary-\u00e9"})
    void saysNothingOfATokenThatIsNone(String token) throws IOException {
        use(new SlackSettings(secret("token", token), null, slack.url(), List.of()));

        assertThat(troubleWith(notification("a")).message())
                .contains("is not there or is not a bot's token")
                .doesNotContain("canary");
        assertThat(slack.asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://hooks.example.com/canary",
                "ftp://127.0.0.1/canary",
                "https://a:canary@b/c",
                "canary",
                "https://a b/canary"
            })
    void saysNothingOfAWebhookThatIsNone(String webhook) throws IOException {
        use(new SlackSettings(null, secret("webhook", webhook), slack.url(), List.of()));

        assertThat(troubleWith(notification("a")).message())
                .contains("is not there or is not a webhook's address that begins with https://")
                .doesNotContain("canary");
    }

    @Test
    void saysWhenAFileIsMissing() {
        use(new SlackSettings(folder.resolve("none"), null, URI.create("https://slack.com"), List.of()));

        assertThat(troubleWith(notification("a")).message()).contains(folder.resolve("none") + " is not there");
    }

    private void use(SlackSettings settings) {
        use(settings, LONG);
    }

    private void use(SlackSettings settings, Duration timeout) {
        open.ifPresent(SlackNotifier::close);
        open = Optional.of(new SlackNotifier(
                new SlackApi(settings, timeout),
                ReportLink.of("https://reports.example/{namespace}/{name}?a&revision={revision}"),
                () -> leads,
                this::meter,
                InstantSource.fixed(NOW),
                new Pace(nanos::get)));
    }

    private synchronized void meter(String result) {
        metered.add(result);
    }

    private synchronized List<String> metered() {
        return List.copyOf(metered);
    }

    private Path secret(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private void deliver(Notification... pending) {
        notifier().deliver(ROLLOUT, "#oncall", List.of(pending));
    }

    /** As turns do: again and again. */
    private void deliverUntilSent(String id, Notification... pending) {
        await().until(() -> {
            deliver(pending);
            return isSent(id);
        });
    }

    private Trouble troubleWith(Notification notification) {
        await().until(() -> {
            deliver(notification);
            return !notifier().isBusy() && notifier().trouble(ROLLOUT).isPresent();
        });
        return notifier().trouble(ROLLOUT).orElseThrow();
    }

    private boolean isSent(String id) {
        return notifier().outcome(id).filter(Outcome.Sent.class::isInstance).isPresent();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private SlackNotifier notifier() {
        return open.orElseThrow();
    }

    private static Notification notification(String id) {
        return new Notification(id, Kind.DECISION, "text " + id, NOW, 0);
    }
}
