package sluice.limiter.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.limiter.redis.Backoff;

/**
 * Stays connected to the operator's stream: each address of its name in turn, over to the next one at once when it is not the leader's,
 * and from the start after a jittered delay. Confined to its event loop.
 */
final class ControlClient implements AutoCloseable {

    /** Finds the addresses of a name, like {@link InetAddress#getAllByName}. */
    @FunctionalInterface
    interface Names {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(ControlClient.class);

    private final URI url;
    private final Path authorities;
    private final Optional<Path> tokenFile;
    private final Names names;
    private final EventLoop loop;
    private final StreamUptake uptake;
    private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));
    private final Queue<InetSocketAddress> untried = new ArrayDeque<>();
    private @Nullable Channel stream;
    private boolean up;
    private boolean complained;
    private boolean closed;

    ControlClient(
            URI url,
            Path authorities,
            Optional<Path> tokenFile,
            Names names,
            EventLoop loop,
            ConfigUptake uptake,
            Lease lease,
            Supplier<List<String>> failures) {
        this.url = url;
        this.authorities = authorities;
        this.tokenFile = tokenFile;
        this.names = names;
        this.loop = loop;
        this.uptake = new StreamUptake(uptake, lease, loop, failures);
    }

    void start() {
        loop.execute(this::lookUp);
    }

    @Override
    public void close() {
        loop.execute(() -> {
            closed = true;
            if (stream != null) {
                var _ = stream.close();
            }
        });
    }

    // Names are looked up by blocking calls.
    private void lookUp() {
        Thread.ofVirtual().name("sluice-control-lookup").start(() -> {
            try {
                var found = addresses();
                loop.execute(() -> {
                    untried.addAll(found);
                    next();
                });
            } catch (UnknownHostException e) {
                loop.execute(() -> ended("unknown host " + url.getHost(), false));
            }
        });
    }

    private List<InetSocketAddress> addresses() throws UnknownHostException {
        var port = url.getPort() < 0 ? ControlTarget.DEFAULT_PORT : url.getPort();
        var found = new ArrayList<InetSocketAddress>();
        for (var address : names.addresses(url.getHost())) {
            found.add(new InetSocketAddress(address, port));
        }
        Collections.shuffle(found);
        return found;
    }

    private void next() {
        var address = untried.poll();
        if (closed || address == null) {
            return;
        }
        try {
            stream = ControlStream.open(ControlTarget.of(url, address, authorities, tokenFile, loop), new Events());
        } catch (IOException e) {
            untried.clear();
            ended("cannot read " + authorities, false);
        }
    }

    private void ended(String why, boolean misdirected) {
        if (up || !(complained || misdirected)) {
            complained = true;
            LOG.warn("No stream from the operator at {}: {}; trying again", url.getHost(), why);
        }
        up = false;
        if (closed) {
            return;
        }
        if (untried.isEmpty()) {
            var _ = loop.schedule(this::lookUp, backoff.next().toMillis(), TimeUnit.MILLISECONDS);
        } else {
            next();
        }
    }

    private final class Events implements StreamEvents {

        @Override
        public void config(JsonNode document, StreamUptake.Answers answers) {
            isUp();
            uptake.config(document, answers);
        }

        @Override
        public void heartbeat() {
            isUp();
            // Not by a configuration: whoever hangs up right after one is not to be called ten times a second.
            backoff.reset();
            uptake.heartbeat();
        }

        private void isUp() {
            if (!up) {
                up = true;
                complained = false;
                untried.clear();
                LOG.info("The operator's stream is up");
            }
        }

        @Override
        public void ended(String why, boolean misdirected) {
            ControlClient.this.ended(why, misdirected);
        }
    }
}
