package sluice.operator.control;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What each rollout's sidecars are to do, and which of them are listening. */
public final class Streams {

    /**
     * A sidecar leaves a stream on which it hears nothing for so long, so what was sent before is not heard later than that: the sidecar's
     * own constant.
     */
    static final Duration SILENCE = Duration.ofSeconds(10);

    /** Longer than an informer is late. */
    private static final Duration UNSEEN = Duration.ofMinutes(1);

    /** One rollout's. */
    private static final class Room {
        private final Map<String, StreamConnection> connections = new ConcurrentHashMap<>();
        private volatile Optional<Publication> publication = Optional.empty();
        private long newEpochAt;
        private Duration longestLease = Duration.ZERO;
        private volatile Optional<Evaluated> evaluated = Optional.empty();
    }

    private record Evaluated(Instant at, long nanoTime) {}

    private final Map<RolloutKey, Room> rooms = new ConcurrentHashMap<>();
    private final Acks acks;
    private final LongSupplier nanoTime;

    public Streams(Acks acks) {
        this(acks, System::nanoTime);
    }

    Streams(Acks acks, LongSupplier nanoTime) {
        this.acks = acks;
        this.nanoTime = nanoTime;
    }

    /** Sends what is new to every sidecar of the rollout, and to each that connects later. */
    public void publish(RolloutKey rollout, Publication publication) {
        var room = room(rollout);
        // The connections look at the publication under the same lock when they join, so that none misses one.
        synchronized (room) {
            if (room.publication.filter(publication::equals).isPresent()) {
                return;
            }
            if (room.publication
                    .filter(before -> before.epoch() == publication.epoch())
                    .isEmpty()) {
                room.newEpochAt = nanoTime.getAsLong();
            }
            if (room.longestLease.compareTo(publication.lease()) < 0) {
                room.longestLease = publication.lease();
            }
            room.publication = Optional.of(publication);
            room.connections.values().forEach(connection -> connection.config(publication));
        }
    }

    /** An evaluation was completed; heartbeats vouch for it for as long as the dead-man switch allows. */
    public void evaluated(RolloutKey rollout, Instant at) {
        room(rollout).evaluated = Optional.of(new Evaluated(at, nanoTime.getAsLong()));
    }

    /**
     * Whether a sidecar that has not heard of the epoch has no lease any more, however late it heard its last heartbeat. Those of this
     * process have vouched for no older epoch since this one was published, and an earlier leader's ended before this process led.
     */
    public boolean leasesOver(RolloutKey rollout, long epoch) {
        var room = rooms.get(rollout);
        if (room == null) {
            return false;
        }
        synchronized (room) {
            return room.publication.filter(last -> last.epoch() == epoch).isPresent()
                    && nanoTime.getAsLong() - room.newEpochAt
                            > room.longestLease.plus(SILENCE).toNanos();
        }
    }

    /**
     * Drops the connections and acknowledgements of pods that are gone: that were seen and are not any more. One that has just come may be
     * known by its stream before it is seen; when it is not seen for long, it has to say anew who it is.
     */
    public void retain(RolloutKey rollout, Set<String> podUids) {
        connections(rollout).forEach(connection -> {
            if (podUids.contains(connection.pod().uid())) {
                connection.podSeen();
            } else if (!isNew(connection)) {
                connection.close();
            }
        });
        // An acknowledgement comes after its stream: whoever joins while this goes on is found.
        acks.retain(
                rollout,
                uid -> podUids.contains(uid)
                        || Optional.ofNullable(rooms.get(rollout))
                                .map(room -> room.connections.get(uid))
                                .filter(this::isNew)
                                .isPresent());
    }

    private boolean isNew(StreamConnection connection) {
        return !connection.isPodSeen() && nanoTime.getAsLong() - connection.joinedAt() < UNSEEN.toNanos();
    }

    /** The rollout is gone: its sidecars are sent away. */
    public void withdraw(RolloutKey rollout) {
        var room = rooms.remove(rollout);
        acks.retain(rollout, uid -> false);
        if (room != null) {
            room.connections.values().forEach(StreamConnection::close);
        }
    }

    /** UIDs of the pods with an open stream. */
    public Set<String> connectedPods(RolloutKey rollout) {
        return connections(rollout).map(connection -> connection.pod().uid()).collect(Collectors.toSet());
    }

    /** How many streams are open. */
    public int open() {
        return rooms.values().stream().mapToInt(room -> room.connections.size()).sum();
    }

    /** Whether there is anything to tell the rollout's sidecars yet. */
    boolean hasConfig(RolloutKey rollout) {
        return Optional.ofNullable(rooms.get(rollout))
                .flatMap(room -> room.publication)
                .isPresent();
    }

    /** Takes a stream in; of two by one pod the newer wins. Empty when there is nothing to send yet. */
    boolean join(RolloutKey rollout, StreamConnection connection) {
        var room = rooms.get(rollout);
        if (room == null) {
            return false;
        }
        synchronized (room) {
            room.publication.ifPresent(publication -> {
                connection.joined(nanoTime.getAsLong());
                var older = room.connections.put(connection.pod().uid(), connection);
                if (older != null) {
                    older.close();
                }
                connection.config(publication);
            });
            return room.publication.isPresent();
        }
    }

    void leave(RolloutKey rollout, StreamConnection connection) {
        var room = rooms.get(rollout);
        if (room != null) {
            room.connections.remove(connection.pod().uid(), connection);
        }
    }

    /**
     * Sends a heartbeat wherever an evaluation is recent enough to vouch for.
     *
     * @param allowed asked again for each connection, whose turn may come late
     */
    void beat(Instant now, BooleanSupplier allowed) {
        rooms.values()
                .forEach(room -> heartbeat(room, now)
                        .ifPresent(line ->
                                room.connections.values().forEach(connection -> connection.heartbeat(line, allowed))));
    }

    private Optional<String> heartbeat(Room room, Instant now) {
        return room.publication.flatMap(publication -> room.evaluated
                .filter(evaluated -> nanoTime.getAsLong() - evaluated.nanoTime()
                        <= publication.lease().toNanos())
                .map(evaluated -> "{\"type\":\"heartbeat\",\"at\":\"%s\",\"evaluatedAt\":\"%s\",\"leaseSeconds\":%d}\n"
                        .formatted(now, evaluated.at(), publication.lease().toSeconds())));
    }

    void closeAll() {
        rooms.values().forEach(room -> room.connections.values().forEach(StreamConnection::close));
    }

    private Stream<StreamConnection> connections(RolloutKey rollout) {
        return Stream.ofNullable(rooms.get(rollout)).flatMap(room -> room.connections.values().stream());
    }

    private Room room(RolloutKey rollout) {
        return rooms.computeIfAbsent(rollout, key -> new Room());
    }
}
