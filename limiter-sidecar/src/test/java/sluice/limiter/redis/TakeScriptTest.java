package sluice.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sluice.limiter.redis.BackendFixture.demand;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import sluice.limiter.config.RolloutRef;
import sluice.limiter.identity.CallerKey;
import sluice.limiter.judge.Backend;
import sluice.limiter.limit.BucketLevel;
import sluice.limiter.limit.Taken;

class TakeScriptTest {

    private static String key(String uid, String user, String limit) {
        return TakeScript.key(
                new RolloutRef("apps", "api", uid),
                CallerKey.of(uid, "user:" + user),
                demand(limit, 1, Duration.ofSeconds(1), 1));
    }

    @Property
    void keysOfDifferentCallersOrLimitsDiffer(
            @ForAll @StringLength(max = 4) @CharRange(from = '{', to = '}') String user,
            @ForAll @StringLength(max = 4) @CharRange(from = '{', to = '}') String other,
            @ForAll @StringLength(min = 1, max = 2) @CharRange(from = 'a', to = 'b') String limit,
            @ForAll @StringLength(min = 1, max = 2) @CharRange(from = 'a', to = 'b') String otherLimit) {
        assertThat(key("6f0c", user, limit).equals(key("6f0c", other, otherLimit)))
                .isEqualTo(user.equals(other) && limit.equals(otherLimit));
    }

    @Test
    void theHashTagIsTheCallersWholeName() {
        assertThat(key("6f0c", "a|b}{", "api")).matches("\\{apps/6f0c/[0-9a-f]{32}}/api");
    }

    @Test
    void aLongNameMakesNoLongKey() {
        assertThat(key("6f0c", "a".repeat(65_536), "api")).hasSameSizeAs(key("6f0c", "a", "api"));
    }

    @Test
    void namesTheKeysInTheOrderOfTheDemands() {
        var rollout = new RolloutRef("apps", "api", "6f0c");
        var caller = CallerKey.of("6f0c", "user:alice");
        var demands = List.of(demand("b", 1, Duration.ofSeconds(1), 1), demand("a", 1, Duration.ofSeconds(1), 1));

        assertThat(TakeScript.keys(rollout, caller, demands))
                .containsExactly(key("6f0c", "alice", "b"), key("6f0c", "alice", "a"));
    }

    @Test
    void readsTheReply() {
        assertThat(TakeScript.reply(List.of(1L, 4L, 6L, 0L), 1, false).taken())
                .isEqualTo(new Taken(Backend.REDIS, true, List.of(new BucketLevel(4, 6, 0))));
    }

    @Test
    void readsTheLevelsInTheOrderOfTheDemands() {
        var reply = TakeScript.reply(List.of(0L, 4L, 6L, 0L, 7L, 8L, 9L, 5L), 2, true);

        assertThat(reply.taken())
                .isEqualTo(
                        new Taken(Backend.REDIS, false, List.of(new BucketLevel(4, 6, 0), new BucketLevel(7, 8, 9))));
        assertThat(reply.leased()).isEqualTo(5);
    }

    @Test
    void readsALease() {
        assertThat(TakeScript.reply(List.of(1L, 4L, 6L, 0L, 5L), 1, true).leased())
                .isEqualTo(5);
        assertThatThrownBy(() -> TakeScript.reply(List.of(1L, 4L, 6L, 0L), 1, true))
                .isInstanceOf(NonsenseException.class);
    }

    @Test
    void refusesAReplyThatTheScriptNeverGives() {
        for (var reply :
                List.<List<?>>of(List.of(), List.of(1L), List.of(1L, 2L, 3L, "4"), List.of(1L, 2L, 3L, 4L, 5L))) {
            assertThatThrownBy(() -> TakeScript.reply(reply, 1, false)).isInstanceOf(NonsenseException.class);
        }
    }

    @Test
    void refusesWhatIsNoListOfNumbers() {
        for (var reply : Arrays.<Object>asList(
                null,
                "OK",
                1L,
                Arrays.asList(1L, 2L, null, 4L),
                Arrays.asList(null, 2L, 3L, 4L),
                List.of(1L, 2L, 3, 4L),
                List.of(1L, 2L, List.of(3L), 4L))) {
            assertThatThrownBy(() -> TakeScript.reply(reply, 1, false)).isInstanceOf(NonsenseException.class);
        }
        assertThatThrownBy(() -> TakeScript.reply(List.of(1L, 4L, 6L, 0L, "5"), 1, true))
                .isInstanceOf(NonsenseException.class);
        assertThatThrownBy(() -> TakeScript.reply(List.of(1L, 4L, 6L, 0L, 5L, 6L), 1, true))
                .isInstanceOf(NonsenseException.class);
    }
}
