package sluice.limiter.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.limiter.identity.TokenFixture.HMAC;
import static sluice.limiter.identity.TokenFixture.NOW;
import static sluice.limiter.identity.TokenFixture.alice;

import com.nimbusds.jose.JOSEException;
import java.time.Duration;
import java.util.Date;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import sluice.limiter.judge.TokenCheck;

class VerificationBudgetTest {

    private static final byte[] SECRET = new byte[32];

    /** Every look at the clock takes a millisecond, and so every token two or three. */
    private final AtomicLong nanos = new AtomicLong();

    private final TokenVerifier verifier = new TokenVerifier(
            SigningKeys.read(HMAC.keys(), SECRET),
            HMAC,
            Set.of(),
            () -> NOW,
            new VerificationBudget(() -> nanos.addAndGet(Duration.ofMillis(1).toNanos())));

    private TokenCheck verify(String subject) throws JOSEException {
        return verifier.verify(
                        TokenFixture.hs256(SECRET, alice().subject(subject).build()))
                .check();
    }

    @Test
    void leavesTokensUncheckedWhenAFloodOfThemHasTakenItsShareOfTheSecond() throws JOSEException {
        assertThat(verify("alice")).isEqualTo(TokenCheck.VALID);
        for (var forged = 0; forged < 250; forged++) {
            verifier.verify("forged" + forged + ".e30.AAAA");
        }
        assertThat(verify("bob")).isEqualTo(TokenCheck.UNCHECKED);
        assertThat(verify("alice")).as("known, so that it costs nothing").isEqualTo(TokenCheck.VALID);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(verify("bob")).isEqualTo(TokenCheck.VALID);
    }

    @Test
    void leavesToSoundTokensThreeTimesAsMuch() {
        assertThat(checks(false)).isEqualTo(3 * checks(true)).isPositive();
    }

    private static int checks(boolean refused) {
        var budget = TokenFixture.unlimited();
        var checks = 0;
        while (budget.isLeft()) {
            budget.spentSince(-Duration.ofMillis(1).toNanos(), refused);
            checks++;
        }
        return checks;
    }

    @Test
    void chargesAnExpiredTokenThatIsSentAgainOnlyOnce() throws JOSEException {
        var expired = TokenFixture.hs256(
                SECRET, alice().expirationTime(Date.from(NOW.minusSeconds(60))).build());
        for (var again = 0; again < 1_000; again++) {
            assertThat(verifier.verify(expired).check()).isEqualTo(TokenCheck.EXPIRED);
        }
        assertThat(verify("bob")).isEqualTo(TokenCheck.VALID);
    }

    @Test
    void chargesATokenThatIsSentAgainOnlyOnce() throws JOSEException {
        for (var again = 0; again < 1_000; again++) {
            assertThat(verifier.verify("garbage.e30.AAAA").check()).isEqualTo(TokenCheck.INVALID);
        }
        assertThat(verify("bob")).isEqualTo(TokenCheck.VALID);
    }

    @Test
    void doesNotChargeATokenForAPauseOfTheProcess() {
        var budget = new VerificationBudget(nanos::get);
        var began = budget.now();
        nanos.addAndGet(Duration.ofMillis(900).toNanos());
        budget.spentSince(began, true);
        assertThat(budget.isLeft()).isTrue();
    }
}
