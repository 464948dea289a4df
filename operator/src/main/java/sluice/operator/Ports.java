package sluice.operator;

/**
 * Where the operator listens. 0 or absent is the default; tests and a second replica on one machine use others.
 *
 * @param webhook {@code /mutate}, 8443
 * @param control the sidecars' stream, 9443
 * @param health {@code /healthz}, {@code /readyz} and {@code /metrics}, 8080
 */
public record Ports(int webhook, int control, int health) {

    public Ports {
        webhook = port("webhook", webhook, 8443);
        control = port("control", control, 9443);
        health = port("health", health, 8080);
    }

    static Ports defaults() {
        return new Ports(0, 0, 0);
    }

    private static int port(String field, int port, int otherwise) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("ports." + field + ": must be 1 to 65535, is " + port);
        }
        return port == 0 ? otherwise : port;
    }
}
