package sluice.operator.certificates;

import java.time.Instant;
import java.util.Optional;

/**
 * Decides what the certificates must be next. A CA changes in three moves, so that nobody meets a certificate that it does not trust yet:
 * the new CA is published beside the old one; an overlap later it signs the serving certificate; another overlap later the
 * old one goes.
 */
final class CertificateRotation {

    private final CertificateSettings settings;
    private final CertificateIssuer issuer;

    CertificateRotation(CertificateSettings settings) {
        this.settings = settings;
        this.issuer = new CertificateIssuer(settings.backdate());
    }

    /** Everything new. */
    CertificateState issue(Instant now) {
        var authority = issuer.authority(settings.caLife(), now);
        return new CertificateState(authority, newServing(authority, now), null);
    }

    /** The next state, or empty while nothing is due. */
    Optional<CertificateState> next(CertificateState state, Instant now) {
        if (state.previousAuthority() != null) {
            return nextWhileRotating(state, now);
        }
        if (!state.authority().expiresAt().isAfter(now) || !isUsable(state)) {
            return Optional.of(issue(now));
        }
        if (state.authority().isDueForRotation(settings.backdate(), now)) {
            var authority = issuer.authority(settings.caLife(), now);
            return Optional.of(new CertificateState(
                    authority, state.serving(), state.authority().certificate()));
        }
        return isServingDue(state, now) ? Optional.of(reissued(state, now)) : Optional.empty();
    }

    private Optional<CertificateState> nextWhileRotating(CertificateState state, Instant now) {
        var backdate = settings.backdate();
        if (!state.serving().isSignedBy(state.authority().certificate())) {
            var published = state.authority().issuedAt(backdate).plus(settings.overlap());
            var expired = !state.serving().expiresAt().isAfter(now);
            return !now.isBefore(published) || expired ? Optional.of(reissued(state, now)) : Optional.empty();
        }
        var retired = state.serving().issuedAt(backdate).plus(settings.overlap());
        return now.isBefore(retired) ? Optional.empty() : Optional.of(state.withoutPreviousAuthority());
    }

    private boolean isUsable(CertificateState state) {
        return state.serving().isSignedBy(state.authority().certificate());
    }

    private boolean isServingDue(CertificateState state, Instant now) {
        return state.serving().isDueForRotation(settings.backdate(), now)
                || !state.serving().isFor(settings.dnsNames());
    }

    private CertificateState reissued(CertificateState state, Instant now) {
        return state.withServing(newServing(state.authority(), now));
    }

    private IssuedCertificate newServing(IssuedCertificate authority, Instant now) {
        return issuer.serving(authority, settings.dnsNames(), settings.servingLife(), now);
    }
}
