package sluice.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Runs commands as people do, so that the cache of classes that is made of it knows what they need. Changes nothing. */
public final class Rehearsal {
    private static final String ROLLOUT = """
            apiVersion: sluice.dev/v1alpha1
            kind: RateLimitRollout
            metadata: {name: api, namespace: apps}
            spec:
              targetRef: {name: api}
              limiter:
                backend: Redis
                redis: {secretRef: {name: redis}}
                limits: [{name: all, match: {pathPrefix: /}, tokens: 10, per: 1s, burst: 20}]
                identity: {user: {header: X-User-Id}, trustedProxies: [10.0.0.0/8]}
              strategy: {observe: 1m, steps: [{weight: 10, hold: 5m}, {weight: 100, hold: 5m}]}
              gates: [{signal: LatencyP95, max: 200ms}]
            status: {phase: Pending}
            """;
    private static final String SHORTEST = """
            apiVersion: sluice.dev/v1alpha1
            kind: RateLimitRollout
            metadata: {name: api, namespace: apps}
            spec:
              targetRef: {name: api}
              limiter:
                backend: Memory
                limits: [{name: all, tokens: 10, per: 1s}]
            """;
    private static final String KUBECONFIG = """
            clusters: [{name: c, cluster: {server: 'http://127.0.0.1:1'}}]
            contexts: [{name: c, context: {cluster: c, user: u, namespace: apps}}]
            users: [{name: u, user: {token: t}}]
            current-context: c
            """;
    private static final int SECONDS = 3 * 3600;
    private static final int INTERVAL = 10;

    private Rehearsal() {}

    /** Takes no arguments. */
    public static void main(String[] args) throws IOException {
        int code = ExitCode.DONE;
        try {
            rehearse();
        } catch (IllegalStateException e) {
            System.err.println(e.getMessage());
            code = ExitCode.FAILED;
        }
        // As Main ends, whatever threads a client may have left.
        System.exit(code);
    }

    /**
     * Runs them all.
     *
     * @throws IllegalStateException when one does not end as it does for people: the cache would not know what they need
     */
    static void rehearse() throws IOException {
        Path folder = Files.createTempDirectory("kubectl-rlr");
        Path rollout = Files.writeString(folder.resolve("rollout.yaml"), ROLLOUT);
        Path shortest = Files.writeString(folder.resolve("shortest.yaml"), SHORTEST);
        Path samples = Files.writeString(folder.resolve("samples.csv"), samples());
        Path commands = Files.writeString(folder.resolve("commands.csv"), "seconds,verb\n30,pause\n60,resume\n");
        Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), KUBECONFIG);
        try {
            run(ExitCode.DONE, "simulate", "-f", rollout, "--samples", samples, "--commands", commands);
            run(ExitCode.DONE, "simulate", "-f", shortest, "--samples", samples);
            run(ExitCode.DONE, "check", "-f", rollout);
            run(ExitCode.DONE, "explain", "-f", rollout);
            // Nobody listens there.
            run(ExitCode.FAILED, "status", "api", "--kubeconfig", kubeconfig);
        } finally {
            for (Path file : List.of(rollout, shortest, samples, commands, kubeconfig, folder)) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void run(int expected, Object... words) {
        String[] typed = Stream.of(words).map(Object::toString).toArray(String[]::new);
        StringWriter said = new StringWriter();
        int code = Main.commandLine(typed)
                .setOut(new PrintWriter(Writer.nullWriter()))
                .setErr(new PrintWriter(said))
                .execute(typed);
        if (code != expected) {
            throw new IllegalStateException("%s ended with %d: %s".formatted(String.join(" ", typed), code, said));
        }
    }

    private static String samples() {
        StringBuilder text = new StringBuilder();
        for (int second = -600; second <= SECONDS; second += INTERVAL) {
            for (String arm : List.of("candidate", "stable", "service")) {
                for (String signal :
                        List.of("ErrorRatio", "LatencyP95", "AuthFailures", "ThrottledRatio", "RequestRate")) {
                    String value = signal.equals("RequestRate") ? "12.5" : second > SECONDS / 2 ? "0.2" : "0.001";
                    text.append("%d,%s,%s,%s\n".formatted(second, signal, arm, value));
                }
            }
        }
        return text.toString();
    }
}
