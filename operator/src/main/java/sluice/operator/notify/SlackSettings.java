package sluice.operator.notify;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How Slack is reached, from the operator's own configuration. What is secret is in files, read again for every message, so that it can be
 * exchanged and is nowhere else.
 *
 * @param tokenFile a file with a bot token that may {@code chat:write}
 * @param webhookFile a file with an incoming webhook's address, instead; Slack itself decides on its channel
 * @param url where a bot's messages go, Slack's {@code chat.postMessage} by default
 * @param channels which channels a resource may name, {@code #oncall} or {@code #team-*}; empty for any
 */
public record SlackSettings(
        @Nullable Path tokenFile, @Nullable Path webhookFile, URI url, List<String> channels) {

    private static final URI CHAT_POST_MESSAGE = URI.create("https://slack.com/api/chat.postMessage");
    private static final Pattern CHANNEL = Pattern.compile("#[a-z0-9._-]{0,79}[*]?|[CG][A-Z0-9]{7,20}");
    private static final Pattern INSIDE =
            Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]|[^.:]+|.+\\.svc|.+\\.svc\\.cluster\\.local");

    /** Nobody can be told. */
    public static final SlackSettings NONE = new SlackSettings(null, null, CHAT_POST_MESSAGE, List.of());

    public SlackSettings {
        if (tokenFile != null && webhookFile != null) {
            throw new IllegalArgumentException("slack: set tokenFile or webhookFile, not both");
        }
        url = requireNonNullElse(url, CHAT_POST_MESSAGE);
        if (!isFit(url)) {
            throw new IllegalArgumentException(
                    "slack.url: must begin with https://, or with http:// for a host of this cluster, without user and password");
        }
        channels = List.copyOf(requireNonNullElseGet(channels, List::of));
        channels.forEach(SlackSettings::requireChannel);
    }

    private static void requireChannel(String channel) {
        if (!CHANNEL.matcher(channel).matches()) {
            throw new IllegalArgumentException(
                    "slack.channels: '" + channel
                            + "' is neither a channel's name such as #oncall, nor the beginning of names such as #team-*, nor an ID");
        }
    }

    /** Whether a message, and the token with it, may be sent there: nothing secret leaves the cluster in plain text. */
    static boolean isFit(URI url) {
        var host = url.getHost();
        if (host == null || url.getUserInfo() != null) {
            return false;
        }
        return "https".equals(url.getScheme())
                || ("http".equals(url.getScheme()) && INSIDE.matcher(host).matches());
    }

    /** Whether a resource may name the channel. */
    boolean allows(String channel) {
        return channels.isEmpty()
                || channels.stream()
                        .anyMatch(allowed -> allowed.endsWith("*")
                                ? channel.startsWith(allowed.substring(0, allowed.length() - 1))
                                : channel.equals(allowed));
    }
}
