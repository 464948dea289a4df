package sluice.limiter.redis;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static sluice.limiter.redis.BackendFixture.demand;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import sluice.limiter.config.Cidr;
import sluice.limiter.config.IdentityRules;
import sluice.limiter.config.RolloutRef;
import sluice.limiter.identity.CallerIdentifier;
import sluice.limiter.identity.CallerKey;
import sluice.limiter.judge.RequestHead;

/** Nobody ever shares a bucket with somebody else, whatever a caller is called. */
class KeysTest {

    /** Whose bucket, of which limit of which rollout. */
    record Owner(RolloutRef rollout, String identity, String limit) {

        String key() {
            return TakeScript.key(
                    rollout, CallerKey.of(rollout.uid(), identity), demand(limit, 1, Duration.ofSeconds(1), 1));
        }
    }

    @Property
    void differentOwnersNeverShareAKey(@ForAll("owners") @Size(min = 2, max = 40) Set<Owner> owners) {
        assertThat(owners.stream().map(Owner::key).collect(toSet())).hasSameSizeAs(owners);
    }

    @Property
    void aKeyIsShortPrintableAndHasOneHashTagForAllOfACallersLimits(
            @ForAll("owner") Owner owner, @ForAll("limits") String otherLimit) {
        var other = new Owner(owner.rollout(), owner.identity(), otherLimit);

        assertThat(owner.key())
                .matches("\\{[A-Za-z0-9./-]+/[0-9a-f]{32}}/[A-Za-z0-9._-]+")
                .hasSizeLessThan(640);
        assertThat(hashTag(owner.key())).isEqualTo(hashTag(other.key())).doesNotContain("{", "}");
    }

    private static String hashTag(String key) {
        return key.substring(key.indexOf('{') + 1, key.indexOf('}'));
    }

    /** What the configuration's parser lets through as names, and any identity at all; few of each, so that parts repeat. */
    @Provide
    Arbitrary<Set<Owner>> owners() {
        return owner().set();
    }

    @Provide
    Arbitrary<Owner> owner() {
        var names = Arbitraries.of("a", "b", "a.b", "a-b", "a".repeat(253));
        var uids = Arbitraries.of("6f0c", "6f0d", "6f0", "0c");
        // A rollout's UID stands for its name.
        var rollouts = Combinators.combine(names, uids).as((namespace, uid) -> new RolloutRef(namespace, "any", uid));
        return Combinators.combine(rollouts, identities(), limits()).as(Owner::new);
    }

    @Provide
    Arbitrary<String> limits() {
        return Arbitraries.of("a", "b", "a.b", "a_b", "a-b", "A", "a".repeat(63));
    }

    private static Arbitrary<String> identities() {
        var known = Arbitraries.of(
                "ip:10.0.0.1",
                "user:ip:10.0.0.1",
                "user:10.0.0.1",
                "user:user:a",
                "user:a|b",
                "user:a",
                "user:a\nb",
                "user:a\r\nb",
                "user:{a}",
                "user:}{",
                "user:a/b",
                "user:\u202ea",
                "ip:2001:db8::/64",
                "user:2001:db8::/64",
                "user:" + "a".repeat(65_536),
                "user:" + "a".repeat(65_537));
        var arbitrary = Arbitraries.strings()
                .withCharRange('\u0000', '\ud7ff')
                .ofMaxLength(6)
                .map(name -> "user:" + name);
        return Arbitraries.oneOf(known, arbitrary);
    }

    /** Characters that UTF-8 cannot write would all be hashed as a question mark. */
    @Test
    void aUserThatCannotBeHashedCountsAsItsAddress() throws Exception {
        var byHeader = new CallerIdentifier(
                new IdentityRules(Optional.of("X-User-Id"), Optional.empty(), List.of(Cidr.parse("10.0.0.0/8")), 64),
                Optional.empty());

        assertThat(List.of("\ud800", "a\udfff", "\udc00\ud800")).allSatisfy(user -> {
            var headers = new DefaultHttpHeaders().add("X-User-Id", user);
            var head = new RequestHead("GET", "/", headers, InetAddress.getByName("10.0.0.1"));
            assertThat(byHeader.identify(head).identity()).isEqualTo("ip:10.0.0.1");
        });
        var pair = new DefaultHttpHeaders().add("X-User-Id", "\ud83d\ude00");
        assertThat(byHeader.identify(new RequestHead("GET", "/", pair, InetAddress.getByName("10.0.0.1")))
                        .identity())
                .isEqualTo("user:\ud83d\ude00");
    }
}
