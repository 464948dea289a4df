package sluice.operator.control;

import java.util.Optional;

/** Says which pod a token was made for. May block. */
public interface TokenVerifier {
    /**
     * The pod, or empty when the token is not valid for the audience {@code sluice.dev} or is not bound to a pod.
     *
     * @throws RuntimeException when nobody could be asked
     */
    Optional<PodIdentity> verify(String token);
}
