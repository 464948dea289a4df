package sluice.operator.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import sluice.operator.reconcile.Notifier.Trouble;

/**
 * Understands what Slack answers: a status and a word for a webhook, and for a bot a document that says {@code ok} or what is wrong. Of what
 * it says nothing is repeated but a word that can be one of its error codes.
 */
final class SlackAnswers {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern CODE = Pattern.compile("[a-z][a-z_]{1,49}");
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final int TOO_MANY_REQUESTS = 429;

    /** https://docs.slack.dev/reference/methods/chat.postMessage#errors */
    private static final Set<String> ABOUT_THE_MESSAGE = Set.of(
            "msg_too_long",
            "no_text",
            "invalid_arguments",
            "invalid_payload",
            "invalid_json",
            "message_limit_exceeded");

    private static final Set<String> ABOUT_THE_CHANNEL = Set.of(
            "channel_not_found",
            "not_in_channel",
            "is_archived",
            "channel_is_archived",
            "restricted_action",
            "posting_to_general_channel_denied");

    private static final Set<String> ABOUT_THE_TOKEN = Set.of(
            "invalid_auth",
            "not_authed",
            "account_inactive",
            "token_revoked",
            "token_expired",
            "missing_scope",
            "no_service",
            "no_team",
            "invalid_token",
            "team_disabled");

    private SlackAnswers() {}

    static Answer ofBot(HttpResponse<String> response) {
        if (response.statusCode() != 200) {
            return failed(response.statusCode(), "", response.headers());
        }
        var document = document(response.body());
        if (document.path("ok").asBoolean(false)) {
            return new Answer.Delivered();
        }
        var code = code(document.path("error").asText());
        return code.isEmpty()
                ? later("SlackFailing", "what answers at slack.url is not Slack's chat.postMessage")
                : refused(code, response.headers());
    }

    static Answer ofWebhook(HttpResponse<String> response) {
        if (response.statusCode() != 200) {
            return failed(response.statusCode(), code(response.body()), response.headers());
        }
        return "ok".equals(response.body().strip())
                ? new Answer.Delivered()
                : later("SlackFailing", "what answers at the webhook's address is not a Slack webhook");
    }

    private static Answer failed(int status, String code, HttpHeaders headers) {
        if (!code.isEmpty() && status < 500 && status != TOO_MANY_REQUESTS) {
            return refused(code, headers);
        }
        return new Answer.Later(new Trouble("SlackFailing", "Slack answered " + status), retryAfter(headers));
    }

    private static Answer refused(String code, HttpHeaders headers) {
        var answered = "Slack answered " + code;
        if (ABOUT_THE_MESSAGE.contains(code)) {
            return new Answer.Refused(answered);
        }
        if (ABOUT_THE_CHANNEL.contains(code)) {
            return later(
                    "ChannelRefused",
                    answered + "; name a channel that the operator's bot is in in spec.notifications.slack.channel");
        }
        if (ABOUT_THE_TOKEN.contains(code)) {
            return later("SlackRefused", answered + "; see the operator's own Secret for Slack");
        }
        return new Answer.Later(new Trouble("SlackFailing", answered), retryAfter(headers));
    }

    private static Answer later(String reason, String message) {
        return new Answer.Later(new Trouble(reason, message), Optional.empty());
    }

    /** RFC 9110 section 10.2.3, in seconds, as Slack sends it. */
    private static Optional<Duration> retryAfter(HttpHeaders headers) {
        return headers.firstValue("Retry-After")
                .filter(text -> text.matches("[0-9]{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .map(asked -> asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked);
    }

    private static JsonNode document(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException notSlack) {
            return JSON.missingNode();
        }
    }

    private static String code(String text) {
        return CODE.matcher(text).matches() ? text : "";
    }
}
