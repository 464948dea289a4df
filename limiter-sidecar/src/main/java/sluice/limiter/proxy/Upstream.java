package sluice.limiter.proxy;

import io.netty.handler.codec.http.HttpObject;
import java.util.Optional;

/** What carries a request to the app and its answer back. */
interface Upstream {

    /** Carries {@code next} from now on. */
    void begin(Forwarding next, boolean head);

    /** Takes over {@code message}, a part of the request. */
    void write(HttpObject message);

    void flush();

    boolean isWritable();

    void pauseReading(boolean pause);

    /** The memory that it keeps of the request that was written and of the answer that has come, in bytes. */
    long kept();

    /** True when the app may have closed it in good faith just before the current request. */
    boolean isStale();

    /** True when the app has said that it has not begun to process the request. */
    boolean isUnprocessed();

    /** Ends the forwarding; what carried it is kept when {@code sound}, and when the app keeps it. */
    void release(boolean sound);

    void close();

    /** What raw bytes may be exchanged with; empty when it carries others too. */
    Optional<Switchable> switchable();
}
