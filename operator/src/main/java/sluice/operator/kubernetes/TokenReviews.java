package sluice.operator.kubernetes;

import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sluice.operator.control.PodIdentity;
import sluice.operator.control.TokenVerifier;

/**
 * Asks the API server which pod a projected token was made for. See
 * https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-tokens
 */
public final class TokenReviews implements TokenVerifier {

    private static final String AUDIENCE = "sluice.dev";
    private static final String POD_NAME = "authentication.kubernetes.io/pod-name";
    private static final String POD_UID = "authentication.kubernetes.io/pod-uid";
    private static final String ACCOUNT = "system:serviceaccount:";

    private final KubernetesClient client;

    public TokenReviews(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public Optional<PodIdentity> verify(String token) {
        var review = new TokenReviewBuilder()
                .withNewSpec()
                .withToken(token)
                .withAudiences(AUDIENCE)
                .endSpec()
                .build();
        var answer = client.tokenReviews().create(review).getStatus();
        return Optional.ofNullable(answer).filter(TokenReviews::isForUs).flatMap(TokenReviews::pod);
    }

    /** An API server that does not know audiences answers without any: such a token was not made for us. */
    private static boolean isForUs(TokenReviewStatus status) {
        return Boolean.TRUE.equals(status.getAuthenticated())
                && status.getAudiences() != null
                && status.getAudiences().contains(AUDIENCE);
    }

    private static Optional<PodIdentity> pod(TokenReviewStatus status) {
        var user = status.getUser();
        return namespace(user.getUsername())
                .flatMap(namespace -> first(user.getExtra(), POD_NAME)
                        .flatMap(name ->
                                first(user.getExtra(), POD_UID).map(uid -> new PodIdentity(namespace, name, uid))));
    }

    private static Optional<String> namespace(String username) {
        return Optional.of(username)
                .filter(name -> name.startsWith(ACCOUNT))
                .map(name -> name.substring(ACCOUNT.length()))
                .map(name -> name.substring(0, Math.max(0, name.indexOf(':'))));
    }

    private static Optional<String> first(Map<String, List<String>> extra, String key) {
        return Optional.ofNullable(extra)
                .map(all -> all.get(key))
                .filter(values -> !values.isEmpty())
                .map(List::getFirst);
    }
}
