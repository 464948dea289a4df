package sluice.limiter.log;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sluice.limiter.judge.Arm;
import sluice.limiter.judge.Judgement;
import sluice.limiter.metrics.AuthResult;
import sluice.limiter.metrics.Decision;

/**
 * The last requests that failed, of each arm and each kind a few, for the message of a rollback. Filled by the request log's own thread, which
 * costs no request anything; read by any.
 */
final class Failures {

    /** What stop-loss rules look at; the worst first. */
    private enum Kind {
        ERROR,
        AUTHENTICATION,
        LIMIT
    }

    /** Of each kind, in each arm. */
    private static final int KEPT = 2;
    /** Of each arm. */
    private static final int TOLD = 3;

    private static final int LONGEST_LINE = 240;
    private static final int LONGEST_PATH = 80;
    private static final Duration OLDEST = Duration.ofMinutes(10);

    /** Not an ID, a name with digits, an address, a token or markup. */
    private static final Pattern PLAIN_SEGMENT = Pattern.compile("[A-Za-z_-]{0,24}|v[0-9]{1,3}");

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

    private final AtomicReferenceArray<@Nullable RequestLine> slots =
            new AtomicReferenceArray<>(Arm.values().length * Kind.values().length * KEPT);
    private final int[] seen = new int[Arm.values().length * Kind.values().length];

    /** Keeps it when it is one. By one thread only. */
    void see(RequestLine line) {
        var judgement = line.judgement();
        var kind = judgement == null ? null : kind(line, judgement);
        if (judgement != null && kind != null) {
            var group = group(judgement.arm(), kind);
            slots.setRelease(group * KEPT + Math.floorMod(seen[group]++, KEPT), line);
        }
    }

    private static @Nullable Kind kind(RequestLine line, Judgement judgement) {
        var decision = Decision.of(judgement);
        if (decision == Decision.MAINTENANCE) {
            return null;
        }
        if (line.status() >= 500) {
            return Kind.ERROR;
        }
        if (decision != Decision.ALLOW) {
            return Kind.LIMIT;
        }
        return line.auth() == AuthResult.OK || line.auth() == AuthResult.NONE ? null : Kind.AUTHENTICATION;
    }

    private static int group(Arm arm, Kind kind) {
        return arm.ordinal() * Kind.values().length + kind.ordinal();
    }

    /**
     * Those of the last ten minutes as text, the candidate's first: of each kind the newest, then of each the one before.
     *
     * @param now in milliseconds of the epoch
     */
    List<String> told(long now) {
        return Stream.of(Arm.CANDIDATE, Arm.STABLE)
                .flatMap(arm -> newestOfEachKindFirst(arm, now - OLDEST.toMillis()).stream()
                        .limit(TOLD))
                .map(Failures::text)
                .toList();
    }

    private List<RequestLine> newestOfEachKindFirst(Arm arm, long since) {
        var kinds = Stream.of(Kind.values())
                .map(kind -> kept(group(arm, kind), since))
                .toList();
        var lines = new ArrayList<RequestLine>();
        for (var i = 0; i < KEPT; i++) {
            for (var kind : kinds) {
                if (i < kind.size()) {
                    lines.add(kind.get(i));
                }
            }
        }
        return lines;
    }

    private List<RequestLine> kept(int group, long since) {
        return Stream.iterate(group * KEPT, slot -> slot < (group + 1) * KEPT, slot -> slot + 1)
                .flatMap(slot -> Stream.ofNullable(slots.getAcquire(slot)))
                .filter(line -> line.at() >= since)
                .sorted(Comparator.comparingLong(RequestLine::at).reversed())
                .toList();
    }

    /** The fields of the log that say what happened and how to find the line; never the caller's key. */
    private static String text(RequestLine line) {
        var judged = Optional.ofNullable(line.judgement());
        var text = "%s %s %d %s %s latency_ms=%s auth_result=%s rate_limit_state=%s rl_backend=%s request_id=%s"
                .formatted(
                        Timestamps.format(line.at()),
                        judged.map(it -> it.arm().label()).orElse("-"),
                        line.status(),
                        plain(line.method()),
                        path(line.path()),
                        BigDecimal.valueOf(line.latencyNanos() / 1_000, 3),
                        line.auth().label(),
                        judged.map(it -> Decision.of(it).label()).orElse("-"),
                        judged.map(it -> it.backend().label()).orElse("-"),
                        plain(line.requestId()));
        return text.length() > LONGEST_LINE ? text.substring(0, LONGEST_LINE) : text;
    }

    private static String plain(String text) {
        return PLAIN.matcher(text).matches() ? text : "*";
    }

    /** A channel has other readers than the log: what may tell of somebody is left out of a path. */
    private static String path(String path) {
        var cut = path.length() > LogText.LONGEST ? path.substring(0, LogText.LONGEST) : path;
        var masked = Stream.of(cut.split("/", -1))
                .map(segment -> PLAIN_SEGMENT.matcher(segment).matches() ? segment : "*")
                .collect(Collectors.joining("/"));
        return masked.length() > LONGEST_PATH ? masked.substring(0, LONGEST_PATH) + "..." : masked;
    }
}
