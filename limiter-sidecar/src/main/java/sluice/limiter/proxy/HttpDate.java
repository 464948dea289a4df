package sluice.limiter.proxy;

import io.netty.handler.codec.DateFormatter;
import java.util.Date;
import java.util.function.LongSupplier;

/** What {@code Date} says, written once a second. Belongs to one event loop. */
final class HttpDate {

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
            written = DateFormatter.format(new Date(now * 1000));
        }
        return written;
    }
}
