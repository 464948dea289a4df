package sluice.limiter.log;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sluice.limiter.judge.Arm;
import sluice.limiter.metrics.AuthResult;
import sluice.limiter.metrics.Decision;

/**
 * The last requests that failed, of each arm and each kind a few, for the message of a rollback. Filled by the request log's own thread, which
 * costs no request anything; read by any.
 */
final class Failures {

    /** Of each kind, in each arm. */
    private static final int KEPT = 2;

    /** Of each arm. */
    private static final int TOLD = 3;

    private static final int LONGEST_LINE = 240;
    private static final int LONGEST_PATH = 80;
    private static final Duration OLDEST = Duration.ofMinutes(10);

    /** Not an ID, a name with digits, an address, a token or markup. */
    private static final Pattern PLAIN_SEGMENT = Pattern.compile("[A-Za-z_-]{0,24}|v[0-9]{1,3}");

    /** A number as ours and most people's are; anybody may send another one. */
    private static final Pattern REQUEST_ID = Pattern.compile("[0-9a-fA-F-]{16,36}");

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

    /** The last of one kind. */
    private static final class Last {

        private final AtomicReferenceArray<@Nullable RequestLine> slots = new AtomicReferenceArray<>(KEPT);
        private int next;

        void add(RequestLine line) {
            slots.setRelease(next, line);
            next = (next + 1) % KEPT;
        }

        List<RequestLine> newestFirst(long since) {
            return IntStream.range(0, KEPT)
                    .boxed()
                    .flatMap(slot -> Stream.ofNullable(slots.getAcquire(slot)))
                    .filter(line -> line.at() >= since)
                    .sorted(Comparator.comparingLong(RequestLine::at).reversed())
                    .toList();
        }
    }

    /** What stop-loss rules look at. */
    private static final class OfArm {

        private final Last errors = new Last();
        private final Last authentication = new Last();
        private final Last limits = new Last();

        void see(RequestLine line, Decision decision) {
            if (decision == Decision.MAINTENANCE) {
                return;
            }
            if (line.status() >= 500) {
                errors.add(line);
            } else if (decision != Decision.ALLOW) {
                limits.add(line);
            } else if (line.auth() != AuthResult.OK && line.auth() != AuthResult.NONE) {
                authentication.add(line);
            }
        }

        /** Of each kind the newest, then of each the one before. */
        Stream<RequestLine> told(long since) {
            var kinds = Stream.of(errors, authentication, limits)
                    .map(kind -> kind.newestFirst(since))
                    .toList();
            return IntStream.range(0, KEPT)
                    .boxed()
                    .flatMap(at -> kinds.stream()
                            .flatMap(kind -> kind.stream().skip(at).limit(1)))
                    .limit(TOLD);
        }
    }

    private final OfArm stable = new OfArm();
    private final OfArm candidate = new OfArm();

    /** Keeps it when it is one. By one thread only. */
    void see(RequestLine line) {
        var judgement = line.judgement();
        if (judgement != null) {
            (judgement.arm() == Arm.CANDIDATE ? candidate : stable).see(line, Decision.of(judgement));
        }
    }

    /**
     * Those of the last ten minutes as text, the candidate's first.
     *
     * @param now in milliseconds of the epoch
     */
    List<String> told(long now) {
        var since = now - OLDEST.toMillis();
        return Stream.concat(candidate.told(since), stable.told(since))
                .map(Failures::text)
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
                        REQUEST_ID.matcher(String.valueOf(line.requestId())).matches() ? line.requestId() : "*");
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
