package sluice.limiter.proxy;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.LongSupplier;

/** What {@code Date} says, written once a second. Belongs to one event loop. */
final class HttpDate {

    /** RFC 9110, section 5.6.7; that of the JDK leaves out a day's leading zero. */
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final LongSupplier millis;
    private long second = -1;
    private String written = "";

    /** By {@code millis}, a clock in milliseconds of the epoch. */
    HttpDate(LongSupplier millis) {
        this.millis = millis;
    }

    String now() {
        var now = millis.getAsLong() / 1000;
        if (now != second) {
            second = now;
            written = FORMAT.format(Instant.ofEpochSecond(now));
        }
        return written;
    }
}
