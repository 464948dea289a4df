package sluice.operator.simulation;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import sluice.limiter.config.InvalidConfigException;
import sluice.limiter.control.SidecarCore;
import sluice.operator.control.StreamDesk;

/** One pod's sidecar: the real uptake and arm choice behind a network that delays, cuts and loses. */
final class Sidecar {

    private static final long SILENCE = 10_000;
    private static final long LOOK = 2_000;
    private static final long MOUNTED_EVERY = 20_000;

    /** A stream as this end sees it. */
    private static final class Stream {
        private final OperatorProcess peer;
        private final StreamDesk.Connection connection;
        private final Queue<Runnable> underWay = new ArrayDeque<>();
        private long lastArrival;
        private final Queue<Long> acksUnderWay = new ArrayDeque<>();
        private long lastAckArrival;
        private boolean over;

        Stream(OperatorProcess peer, StreamDesk.Connection connection) {
            this.peer = peer;
            this.connection = connection;
        }
    }

    private final World world;
    private final String uid;
    private final SidecarCore core;
    private Optional<Stream> stream = Optional.empty();
    private long lastHeard;
    private long lastHeartbeat = Long.MIN_VALUE / 2;
    private long darkUntil;
    private boolean stopped;

    Sidecar(World world, String uid) {
        this.world = world;
        this.uid = uid;
        this.core = new SidecarCore(world.bench, world.time::nanoTime);
    }

    String uid() {
        return uid;
    }

    SidecarCore core() {
        return core;
    }

    /** How long ago the last heartbeat arrived. */
    long silentFor() {
        return world.time.now() - lastHeartbeat;
    }

    boolean isConnected() {
        return stream.isPresent();
    }

    void start() {
        readFile();
        connect();
        every(LOOK, this::look);
        every(MOUNTED_EVERY, this::readFile);
    }

    private void every(long millis, Runnable task) {
        world.time.after(millis, () -> {
            if (!stopped) {
                task.run();
                every(millis, task);
            }
        });
    }

    void stop() {
        stopped = true;
        stream.ifPresent(this::hangUp);
        stream = Optional.empty();
    }

    private void readFile() {
        world.api
                .now()
                .bootstrap()
                .map(map -> map.getData().getOrDefault("limiter.json", ""))
                .ifPresent(document -> {
                    try {
                        core.file(document);
                    } catch (InvalidConfigException edited) {
                        world.time.note(() -> uid + " refuses its file");
                    }
                });
    }

    private void look() {
        core.watch();
        if (world.faults.strike(Faults.Kind.CUT_STREAM, 30)) {
            cutOff(world.faults.millis(3_000, 60_000));
        }
        if (stream.isPresent() && world.time.now() - lastHeard >= SILENCE) {
            world.time.note(() -> uid + " hears nothing from " + stream.get().peer);
            var silent = stream.get();
            ended();
            // The far end learns of it when the network lets it, or from its own writes.
            world.time.after(Math.min(SILENCE, Math.max(5, darkUntil - world.time.now())), () -> hangUp(silent));
        }
    }

    private void cutOff(long millis) {
        world.time.note(() -> "*** " + uid + " is cut off from the operator for " + millis + " ms");
        darkUntil = world.time.now() + millis;
    }

    private boolean isDark() {
        return darkUntil > world.time.now();
    }

    private void hangUp(Stream gone) {
        gone.over = true;
        gone.connection.close();
    }

    private void ended() {
        stream = Optional.empty();
        world.time.after(world.faults.millis(100, 2_000), this::connect);
    }

    private void connect() {
        if (!stopped && stream.isEmpty()) {
            attempt(world.operatorsInSomeOrder(), 0);
        }
    }

    private void attempt(List<OperatorProcess> addresses, int next) {
        if (stopped || stream.isPresent()) {
            return;
        }
        if (next == addresses.size()) {
            world.time.after(world.faults.millis(200, 2_000), this::connect);
            return;
        }
        var peer = addresses.get(next);
        if (isDark() || peer.isDead() || peer.isAsleep()) {
            world.time.after(peer.isDead() ? 10 : 2_000, () -> attempt(addresses, next + 1));
            return;
        }
        var connection = peer.desk().open(uid);
        var lines = connection.lines();
        if (connection.status() == 200) {
            lastHeard = world.time.now();
            var opened = new Stream(peer, connection);
            stream = Optional.of(opened);
            lines.forEach(line -> send(opened, line));
        } else {
            connection.close();
            world.time.after(5, () -> attempt(addresses, next + 1));
        }
    }

    /** Takes from the far end what it has written, and puts it on its way. */
    void pump() {
        stream.ifPresent(open -> {
            open.connection.lines().forEach(line -> send(open, line));
            if (!open.over && (open.peer.isDead() || !open.connection.isOpen())) {
                open.over = true;
                arrive(open, this::ended);
            }
        });
    }

    private void send(Stream open, String line) {
        world.invariants.sent(open.peer, line);
        if (world.faults.strike(Faults.Kind.CUT_STREAM, 60)) {
            world.time.note(() -> "*** stream of " + uid + " is cut");
            open.over = true;
            arrive(open, () -> {
                ended();
                hangUp(open);
            });
        }
        arrive(open, () -> heard(open, line));
    }

    /** In the order of sending; what is cut off comes when the network is back, unless this end has given up by then. */
    private void arrive(Stream open, Runnable action) {
        var late = world.faults.strike(Faults.Kind.LATE_LINE, 8);
        var at = world.time.now() + (late ? world.faults.millis(20, 8_000) : world.faults.millis(3, 20));
        at = Math.max(Math.max(at, open.lastArrival), darkUntil);
        open.lastArrival = at;
        open.underWay.add(action);
        world.time.after(at - world.time.now(), () -> arrived(open));
    }

    /** The first that is under way arrives. */
    private void arrived(Stream open) {
        if (isDark()) {
            world.time.after(darkUntil - world.time.now(), () -> arrived(open));
        } else if (!stopped && stream.filter(open::equals).isPresent()) {
            open.underWay.remove().run();
        }
    }

    private void heard(Stream from, String line) {
        lastHeard = world.time.now();
        if (line.contains("\"heartbeat\"")) {
            lastHeartbeat = world.time.now();
        }
        core.line(line, (epoch, refusal) -> {
            if (!refusal.isEmpty()) {
                world.invariants.fail(uid + " refused epoch " + epoch + ": " + refusal);
            }
            world.time.note(() -> uid + " takes up epoch " + epoch + " of " + from.peer);
            acknowledge(from, epoch);
        });
    }

    /** On the stream's own connection: in order, and lost only with it. */
    private void acknowledge(Stream on, long epoch) {
        var slow = world.faults.strike(Faults.Kind.ACK, 4);
        var at = world.time.now() + (slow ? world.faults.millis(20, 5_000) : world.faults.millis(3, 30));
        on.lastAckArrival = Math.max(at, on.lastAckArrival);
        on.acksUnderWay.add(epoch);
        world.time.after(on.lastAckArrival - world.time.now(), () -> deliver(on));
    }

    /** The first that is under way arrives, or the connection is gone. */
    private void deliver(Stream on) {
        if (isDark() || on.peer.isAsleep()) {
            world.time.after(world.faults.millis(100, 2_000), () -> deliver(on));
            return;
        }
        var epoch = on.acksUnderWay.remove();
        var isHeard = !on.peer.isDead() && on.connection.isOpen();
        if (isHeard) {
            world.invariants.acknowledged(on.peer, uid, epoch);
            on.connection.ack("{\"epoch\":%d,\"applied\":true}".formatted(epoch));
        }
        world.time.note(
                () -> "%s %s of epoch %d by %s".formatted(on.peer, isHeard ? "hears" : "does not hear", epoch, uid));
    }
}
