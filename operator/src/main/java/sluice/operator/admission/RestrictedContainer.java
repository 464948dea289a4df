package sluice.operator.admission;

import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;

/** How a container that the operator adds to a namespace passes Pod Security {@code restricted}. */
public final class RestrictedContainer {

    private RestrictedContainer() {}

    /** Runs as that user and group, with nothing that it could do beyond them: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted. */
    public static SecurityContext as(long user) {
        return new SecurityContextBuilder()
                .withRunAsNonRoot(true)
                .withRunAsUser(user)
                .withRunAsGroup(user)
                .withReadOnlyRootFilesystem(true)
                .withAllowPrivilegeEscalation(false)
                .withNewCapabilities()
                .addToDrop("ALL")
                .endCapabilities()
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .build();
    }
}
