package sluice.cli.readiness;

import java.util.List;
import sluice.cli.readiness.Proof.Found;

/**
 * A point of the security statement.
 *
 * @param what must hold
 */
record SecurityCheck(String area, String what, List<Proof> proofs) {
    SecurityCheck {
        proofs = List.copyOf(proofs);
    }

    static SecurityCheck of(String area, String what, Proof... proofs) {
        return new SecurityCheck(area, what, List.of(proofs));
    }

    /** The end of each proof, in their order. */
    List<Found> look(Evidence evidence) {
        return proofs.stream().map(proof -> proof.look(evidence)).toList();
    }

    Outcome outcome(Evidence evidence) {
        return Outcome.worst(look(evidence).stream().map(Found::outcome).toList());
    }
}
