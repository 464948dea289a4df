package sluice.e2e.cluster;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where the cluster's parts are, as {@code e2e/cluster/env} says.
 *
 * @param waf the address clients use
 * @param wafAuthority the certificate that the WAF's chains to
 */
public record Environment(Path state, URI waf, Path wafAuthority, URI prometheus) {

    /** The environment this process was started with by {@code e2e/cluster/in}. */
    public static Environment ofThisProcess() {
        return of(System.getenv());
    }

    static Environment of(Map<String, String> variables) {
        return new Environment(
                Path.of(required(variables, "SLUICE_STATE")),
                URI.create(required(variables, "SLUICE_WAF_URL")),
                Path.of(required(variables, "SLUICE_WAF_CA")),
                URI.create(required(variables, "SLUICE_PROMETHEUS_URL")));
    }

    private static String required(Map<String, String> variables, String name) {
        var value = variables.get(name);
        if (value == null || value.isBlank()) {
            throw new IllegalStateException(
                    name + " is not set: start this by ./demo or ./verify, or with e2e/cluster/in COMMAND");
        }
        return value;
    }
}
