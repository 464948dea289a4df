package sluice.operator.notify;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Pattern;
import sluice.operator.reconcile.Notifier.Trouble;

/**
 * Posts one message to Slack. Bounded in time and size; never throws for what the other side or its configuration does, and repeats nothing of
 * an address, a token or an exception, which may carry one.
 */
final class SlackApi implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern PRINTABLE = Pattern.compile("[!-~]{1,1000}");
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final int LONGEST_ANSWER = 1 << 16;

    private final SlackSettings settings;
    private final Duration patience;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /**
     * Posts as it is configured.
     *
     * @param patience how long one message may take
     */
    SlackApi(SlackSettings settings, Duration patience) {
        this.settings = settings;
        this.patience = patience;
    }

    Answer post(String channel, String text) throws InterruptedException {
        if (!settings.allows(channel)) {
            return later(
                    "ChannelNotAllowed",
                    "spec.notifications.slack.channel: the operator's owner allows " + settings.channels() + " only");
        }
        var tokenFile = settings.tokenFile();
        if (tokenFile != null) {
            return asBot(tokenFile, channel, text);
        }
        var webhookFile = settings.webhookFile();
        return webhookFile != null
                ? toWebhook(webhookFile, channel, text)
                : later(
                        "SlackNotConfigured",
                        "the operator has no Slack; set slack.secretName in the chart's values, or remove spec.notifications");
    }

    private Answer asBot(Path file, String channel, String text) throws InterruptedException {
        var token = secret(file);
        if (token.isEmpty()) {
            return unreadable(file, "a bot's token");
        }
        var request = request(settings.url(), channel, text)
                .header("Authorization", "Bearer " + token.get())
                .build();
        return send(request, SlackAnswers::ofBot);
    }

    private Answer toWebhook(Path file, String channel, String text) throws InterruptedException {
        var url = secret(file).flatMap(SlackApi::address);
        return url.isEmpty()
                ? unreadable(file, "a webhook's address that begins with https://")
                : send(request(url.get(), channel, text).build(), SlackAnswers::ofWebhook);
    }

    private HttpRequest.Builder request(URI url, String channel, String text) {
        var message = JSON.createObjectNode()
                .put("channel", channel)
                .put("text", text)
                .put("mrkdwn", false)
                .put("parse", "none")
                .put("link_names", false)
                .put("unfurl_links", false)
                .put("unfurl_media", false);
        return HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(BodyPublishers.ofString(message.toString()));
    }

    // A timeout of the request itself would end with the headers; the future's also covers a body that never ends.
    private Answer send(HttpRequest request, Function<HttpResponse<String>, Answer> understand)
            throws InterruptedException {
        var response = http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), LONGEST_ANSWER));
        try {
            return understand.apply(response.get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return later("SlackFailing", "Slack did not answer within " + patience.toSeconds() + " s");
        } catch (ExecutionException e) {
            return later("SlackFailing", "Slack cannot be reached, or breaks off");
        } finally {
            response.cancel(true);
        }
    }

    private static Optional<String> secret(Path file) {
        try {
            return Optional.of(Files.readString(file).strip())
                    .filter(text -> PRINTABLE.matcher(text).matches());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<URI> address(String text) {
        try {
            return Optional.of(URI.create(text)).filter(SlackSettings::isFit);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Answer unreadable(Path file, String what) {
        return later(
                "SlackNotConfigured",
                "the operator's file %s is not there or is not %s; see its Secret for Slack".formatted(file, what));
    }

    private static Answer later(String reason, String message) {
        return new Answer.Later(new Trouble(reason, message), Optional.empty());
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
