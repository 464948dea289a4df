package sluice.limiter.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.limiter.config.RolloutRef;
import sluice.limiter.identity.CallerKey;
import sluice.limiter.judge.Backend;
import sluice.limiter.limit.BucketLevel;
import sluice.limiter.limit.Demand;
import sluice.limiter.limit.Taken;

/** The script that takes tokens, and how it is spoken to. */
final class TakeScript {

    static final String SOURCE = source();
    static final String SHA = sha1(SOURCE);

    /** Use the clock of Redis. */
    static final String REDIS_CLOCK = "";

    /** Nothing is known of a bucket beyond what Redis holds. */
    static final long UNKNOWN = -1;

    /** No lease is asked for, so none is given back. */
    static final long[] NO_LEASE = {};

    private static final int FIELDS = 3;

    /**
     * What the script says.
     *
     * @param leased how many more times each demand's cost was taken, for the sidecar to give later
     */
    record Reply(Taken taken, long leased) {}

    private TakeScript() {}

    private static String source() {
        try (var stream = TakeScript.class.getResourceAsStream("take.lua")) {
            if (stream == null) {
                throw new IllegalStateException("take.lua is not in the jar");
            }
            return new String(stream.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha1(String source) {
        try {
            var digest = MessageDigest.getInstance("SHA-1").digest(source.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    /** All of a caller's keys carry one hash tag, so that they live on one node of a cluster; no part can contain a separator. */
    static String key(RolloutRef rollout, CallerKey caller, Demand demand) {
        return "{" + rollout.namespace() + "/" + rollout.uid() + "/" + caller.hash() + "}/" + demand.limit();
    }

    static String[] keys(RolloutRef rollout, CallerKey caller, List<Demand> demands) {
        var keys = new String[demands.size()];
        for (var index = 0; index < keys.length; index++) {
            keys[index] = key(rollout, caller, demands.get(index));
        }
        return keys;
    }

    /**
     * What the script is told.
     *
     * @param known per demand, the most token-microseconds that its bucket can have, or {@link #UNKNOWN}
     * @param returned per demand, tokens of an earlier lease to take back before another one is given, or {@link #NO_LEASE}
     */
    static String[] arguments(String micros, List<Demand> demands, long[] known, long[] returned) {
        var arguments = new ArrayList<String>(1 + 6 * demands.size() + returned.length);
        arguments.add(micros);
        for (var index = 0; index < demands.size(); index++) {
            var demand = demands.get(index);
            var size = demand.size();
            arguments.add(Long.toString(size.tokens()));
            arguments.add(Long.toString(size.periodMicros()));
            arguments.add(Long.toString(size.burst()));
            arguments.add(Long.toString(demand.cost()));
            arguments.add(Long.toString(known[index]));
            arguments.add(Long.toString(size.keptFor().toMillis()));
        }
        for (var tokens : returned) {
            arguments.add(Long.toString(tokens));
        }
        return arguments.toArray(String[]::new);
    }

    /** The command that runs it. */
    static String[] command(String[] keys, String[] arguments) {
        var command = new String[3 + keys.length + arguments.length];
        command[0] = "EVALSHA";
        command[1] = SHA;
        command[2] = Integer.toString(keys.length);
        System.arraycopy(keys, 0, command, 3, keys.length);
        System.arraycopy(arguments, 0, command, 3 + keys.length, arguments.length);
        return command;
    }

    /**
     * Reads the reply.
     *
     * @throws NonsenseException when it is not what the script says
     */
    static Reply reply(@Nullable Object reply, int demands, boolean leasing) {
        var end = 1 + FIELDS * demands;
        if (!(reply instanceof List<?> fields) || fields.size() != (leasing ? end + 1 : end)) {
            throw nonsense();
        }
        var numbers = new long[fields.size()];
        for (var at = 0; at < numbers.length; at++) {
            if (!(fields.get(at) instanceof Long number)) {
                throw nonsense();
            }
            numbers[at] = number;
        }
        var levels = new ArrayList<BucketLevel>(demands);
        for (var at = 1; at < end; at += FIELDS) {
            levels.add(new BucketLevel(numbers[at], numbers[at + 1], numbers[at + 2]));
        }
        return new Reply(new Taken(Backend.REDIS, numbers[0] == 1, List.copyOf(levels)), leasing ? numbers[end] : 0);
    }

    private static NonsenseException nonsense() {
        return new NonsenseException("the script's reply does not have the script's shape");
    }
}
