package sluice.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
        Path folder = Files.createTempDirectory("kubectl-rlr");
        Path rollout = Files.writeString(folder.resolve("rollout.yaml"), ROLLOUT);
        Path samples = Files.writeString(folder.resolve("samples.csv"), samples());
        Path commands = Files.writeString(folder.resolve("commands.csv"), "seconds,verb\n30,pause\n60,resume\n");
        try {
            run(
                    "simulate",
                    "-f",
                    rollout.toString(),
                    "--samples",
                    samples.toString(),
                    "--commands",
                    commands.toString());
            run("check", "-f", rollout.toString());
            run("explain", "-f", rollout.toString());
            // Nobody listens there.
            run(
                    "status",
                    "api",
                    "--kubeconfig",
                    Files.writeString(folder.resolve("kubeconfig"), KUBECONFIG).toString());
        } finally {
            for (Path file : List.of(rollout, samples, commands, folder.resolve("kubeconfig"), folder)) {
                Files.deleteIfExists(file);
            }
        }
        // As Main ends, whatever threads a client may have left.
        System.exit(ExitCode.DONE);
    }

    private static void run(String... arguments) {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        Main.commandLine().setOut(nowhere).setErr(nowhere).execute(arguments);
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
