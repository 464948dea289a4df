package sluice.operator.admission;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.Supplier;

/** Makes the secret with which a pod's own preStop hook, and nobody else in the network, starts its sidecar's drain. */
public final class DrainTokens implements Supplier<String> {

    private static final int BYTES = 16;

    private final SecureRandom random = new SecureRandom();

    @Override
    public String get() {
        var token = new byte[BYTES];
        random.nextBytes(token);
        return HexFormat.of().formatHex(token);
    }
}
