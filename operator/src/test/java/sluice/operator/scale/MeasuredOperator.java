package sluice.operator.scale;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import sluice.operator.testing.Replica;
import sluice.operator.testing.Replicas;

/** The one replica of an operator that is measured: a process with the options of its image. */
final class MeasuredOperator {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** So long that a machine on which everything takes its time does not end the only replica. */
    private static final String LONG_LEASE =
            "leaderElection: {leaseDuration: 2m, renewDeadline: 90s, retryPeriod: 2s}\n";

    private static final Pattern OPTION = Pattern.compile("<jvmFlag>(.*?)</jvmFlag>");

    private MeasuredOperator() {}

    /**
     * One that leads.
     *
     * @param more what its configuration says beside names, ports and the lease
     */
    static Replica start(Replicas installation, String more) {
        var operator = installation.start("operator", more + LONG_LEASE, imageOptions());
        await("the operator to lead").atMost(PATIENCE).until(operator::leads);
        return operator;
    }

    /** All but the one that keeps the heap from being collected from outside. */
    private static List<String> imageOptions() {
        try {
            return OPTION.matcher(Files.readString(Path.of("pom.xml")))
                    .results()
                    .map(option -> option.group(1))
                    .filter(option -> !option.equals("-XX:+DisableAttachMechanism"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
