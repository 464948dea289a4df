package sluice.operator.reconcile;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a rollout's report is to be found, as the operator's owner says; empty when nobody has said so.
 *
 * @param template an address with {@code {namespace}}, {@code {name}} and {@code {revision}} somewhere behind the host
 */
public record ReportLink(Optional<String> template) {

    /** There is none. */
    public static final ReportLink NONE = new ReportLink(Optional.empty());

    private static final String LINE = "Report: ";
    private static final String TEXT = "[A-Za-z0-9._~:/?#@!$&+,;=%-]";
    private static final Pattern TEMPLATE = Pattern.compile(
            "https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/(%s|\\{namespace}|\\{name}|\\{revision})*".formatted(TEXT));
    private static final Pattern ADDRESS = Pattern.compile(TEXT + "+");
    private static final int LONGEST = 300;

    public ReportLink {
        template.filter(text ->
                        text.length() > LONGEST || !TEMPLATE.matcher(text).matches())
                .ifPresent(text -> {
                    throw new IllegalArgumentException(
                            "notifications.reportUrl: '%s' is no address such as https://reports.example/{namespace}/{name}/{revision}; use https:// or http://, a host without user, a path, at most %d characters, and no placeholder but these three"
                                    .formatted(text, LONGEST));
                });
    }

    /** As it is configured; empty text is as good as none. */
    public static ReportLink of(@Nullable String template) {
        return new ReportLink(Optional.ofNullable(template).filter(text -> !text.isEmpty()));
    }

    /** The line of a message. What is filled in are names in Kubernetes' sense and revisions, which need no escape in an address. */
    Optional<String> line(String namespace, String name, String revision) {
        return template.map(text -> LINE
                + text.replace("{namespace}", namespace).replace("{name}", name).replace("{revision}", revision));
    }

    /**
     * The address in a line of a message. A line that somebody else has written to look like this one leads to the same place, or is none.
     */
    public Optional<String> addressIn(String line) {
        return template.filter(text -> line.startsWith(LINE + fixed(text)))
                .map(_ -> line.substring(LINE.length()))
                .filter(address -> ADDRESS.matcher(address).matches());
    }

    /** Scheme and host at least. */
    private static String fixed(String template) {
        var placeholder = template.indexOf('{');
        return placeholder < 0 ? template : template.substring(0, placeholder);
    }
}
