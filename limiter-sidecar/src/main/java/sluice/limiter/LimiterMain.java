package sluice.limiter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.limiter.log.JsonLogging;

/** Starts the sidecar; its settings come from the environment. */
public final class LimiterMain {

    private static final Logger LOG = LoggerFactory.getLogger(LimiterMain.class);

    private LimiterMain() {}

    public static void main(String[] args) {
        try {
            var sidecar = Sidecar.start(SidecarSettings.from(System.getenv()));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(sidecar), "shutdown"));
        } catch (IllegalArgumentException e) {
            LOG.atError().setMessage("Cannot start: " + e.getMessage()).log();
            exit(1);
        }
    }

    /** A sidecar that was asked to stop, and did, has done well: 0, not the 143 of a JVM that a signal ended. */
    private static void stop(Sidecar sidecar) {
        sidecar.close();
        exit(0);
    }

    private static void exit(int status) {
        JsonLogging.flush();
        Runtime.getRuntime().halt(status);
    }
}
