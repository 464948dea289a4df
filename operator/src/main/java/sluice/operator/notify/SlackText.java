package sluice.operator.notify;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Collectors;
import sluice.operator.reconcile.Notification;
import sluice.operator.reconcile.ReportLink;

/**
 * A notification as Slack takes it. Its three control characters are escaped, so that nothing in it can call anybody or be a link but the one
 * to a report:
 * https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
final class SlackText {

    private static final Duration LATE = Duration.ofMinutes(2);

    private SlackText() {}

    static String of(Notification notification, ReportLink reports, Instant now) {
        var text = new StringBuilder(notification.text());
        if (notification.at().plus(LATE).isBefore(now)) {
            text.append("\n(This was at ")
                    .append(notification.at().truncatedTo(ChronoUnit.SECONDS))
                    .append("; it could not be sent before.)");
        }
        if (notification.leftOut() > 0) {
            text.append("\n(Others were left out, because too many waited: ")
                    .append(notification.leftOut())
                    .append(".)");
        }
        return text.toString()
                .lines()
                .map(line -> reports.addressIn(line)
                        .map(address -> line.replace(address, "<" + escape(address) + ">"))
                        .orElseGet(() -> escape(line)))
                .collect(Collectors.joining("\n"));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
