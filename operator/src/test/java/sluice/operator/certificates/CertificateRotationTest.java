package sluice.operator.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CertificateRotationTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final CertificateSettings SETTINGS = CertificateSettings.forNamespace("sluice-system");

    private final CertificateRotation rotation = new CertificateRotation(SETTINGS);

    @Test
    void issuesAnAuthorityAndACertificateForBothServices() throws Exception {
        var state = rotation.issue(START);
        assertThat(state.serving().isSignedBy(state.authority().certificate())).isTrue();
        assertThat(state.serving().certificate().getSubjectAlternativeNames())
                .extracting(name -> (Object) name.get(1))
                .containsExactly(
                        "sluice-webhook.sluice-system.svc",
                        "sluice-webhook.sluice-system.svc.cluster.local",
                        "sluice-control.sluice-system.svc",
                        "sluice-control.sluice-system.svc.cluster.local");
        assertThat(state.authority().certificate().getBasicConstraints()).isZero();
        assertThat(state.serving().certificate().getBasicConstraints()).isEqualTo(-1);
    }

    @Test
    void leavesCertificatesAloneUntilTwoThirdsOfTheirLife() {
        var state = rotation.issue(START);
        assertThat(rotation.next(state, START.plus(Duration.ofDays(59)))).isEmpty();
        assertThat(rotation.next(state, START.plus(Duration.ofDays(60)))).hasValueSatisfying(next -> {
            assertThat(next.authority()).isEqualTo(state.authority());
            assertThat(next.serving().expiresAt()).isEqualTo(START.plus(Duration.ofDays(150)));
            assertThat(next.previousAuthority()).isNull();
        });
    }

    @Test
    void publishesANewAuthorityBeforeItSignsAndTheOldOneUntilNobodyNeedsIt() {
        var old = rotation.issue(START);
        var due = START.plus(SETTINGS.caLife().multipliedBy(2).dividedBy(3)).plusSeconds(1);
        var state = old.withServing(
                rotation.next(old, due.minus(Duration.ofDays(1))).orElseThrow().serving());

        var published = rotation.next(state, due).orElseThrow();
        assertThat(published.previousAuthority()).isEqualTo(old.authority().certificate());
        assertThat(published.serving()).isEqualTo(state.serving());
        assertThat(rotation.next(published, due.plus(Duration.ofMinutes(9)))).isEmpty();

        var signing = rotation.next(published, due.plus(Duration.ofMinutes(11))).orElseThrow();
        assertThat(signing.serving().isSignedBy(published.authority().certificate()))
                .isTrue();
        assertThat(signing.bundle())
                .contains(Pem.write(old.authority().certificate()))
                .contains(Pem.write(published.authority().certificate()));

        var done = rotation.next(signing, due.plus(Duration.ofMinutes(22))).orElseThrow();
        assertThat(done.previousAuthority()).isNull();
        assertThat(done.bundle()).isEqualTo(Pem.write(published.authority().certificate()));
    }

    /** Whoever has fetched the bundle within the last overlap trusts what is served, over three years of hourly looks. */
    @Test
    void neverServesWhatABundleOfOneOverlapAgoDoesNotTrust() {
        var state = rotation.issue(START);
        var earlier = new ArrayList<>(List.of(state));
        for (var now = START; now.isBefore(START.plus(Duration.ofDays(1100))); now = now.plus(Duration.ofHours(1))) {
            for (var next = rotation.next(state, now); next.isPresent(); next = rotation.next(state, now)) {
                state = next.get();
                assertTrustedBy(earlier.getLast(), state);
                assertThat(state.serving().expiresAt()).isAfter(now);
                assertThat(state.authority().expiresAt()).isAfter(now);
            }
            earlier.add(state);
        }
        assertThat(earlier.stream().distinct().count()).isGreaterThan(20);
    }

    private static void assertTrustedBy(CertificateState earlier, CertificateState now) {
        var trusted = now.serving().isSignedBy(earlier.authority().certificate())
                || (earlier.previousAuthority() != null && now.serving().isSignedBy(earlier.previousAuthority()));
        assertThat(trusted).isTrue();
    }

    @Test
    void startsAnewWhenTheAuthorityHasExpiredOrDoesNotFit() {
        var expired = rotation.issue(START);
        var foreign = new CertificateState(
                rotation.issue(START).authority(), rotation.issue(START).serving(), null);
        assertThat(rotation.next(expired, START.plus(Duration.ofDays(400))))
                .hasValueSatisfying(next -> assertThat(next.authority()).isNotEqualTo(expired.authority()));
        assertThat(rotation.next(foreign, START))
                .hasValueSatisfying(next -> assertThat(
                                next.serving().isSignedBy(next.authority().certificate()))
                        .isTrue());
    }

    @Test
    void readsWhatItWrites() throws IOException {
        var state = rotation.issue(START);
        var rotating = new CertificateState(
                state.authority(),
                state.serving(),
                rotation.issue(START).authority().certificate());
        assertThat(CertificateState.read(state.write())).contains(state);
        assertThat(CertificateState.read(rotating.write())).contains(rotating);
        assertThat(CertificateState.read(null)).isEmpty();
        assertThat(CertificateState.read(Map.of())).isEmpty();
    }

    @Test
    void saysNothingOfAKeyThatItCannotRead() {
        var data = new LinkedHashMap<>(rotation.issue(START).write());
        var broken = Base64.getEncoder()
                .encodeToString("-----%s PRIVATE KEY-----\nTheKeyItself\n-----%s PRIVATE KEY-----\n"
                        .formatted("BEGIN", "END")
                        .getBytes(StandardCharsets.UTF_8));
        data.put("ca.key", broken);
        assertThat(catchThrowable(() -> CertificateState.read(data)))
                .isInstanceOf(IOException.class)
                .satisfies(e -> assertThat(e.toString()).doesNotContain("TheKeyItself"));
        assertThat(rotation.issue(START).toString()).doesNotContain("PRIVATE").doesNotContain("PrivateKey");
    }
}
