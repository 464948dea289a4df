package sluice.limiter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.limiter.log.JsonLogging;

/** Starts the sidecar: with its settings in the environment, as the webhook gives them, or as its arguments say. */
public final class LimiterMain {

    private static final Logger LOG = LoggerFactory.getLogger(LimiterMain.class);

    private LimiterMain() {}

    public static void main(String[] args) {
        if (args.length == 0) {
            fromEnvironment();
        } else {
            var status = LimiterCommand.run(args);
            status.ifPresent(LimiterMain::exit);
        }
    }

    private static void fromEnvironment() {
        try {
            serve(SidecarSettings.from(System.getenv()));
        } catch (Exception e) {
            // Netty throws the BindException of a port that is taken, which is checked, without declaring it. Its loops
            // would go on.
            LOG.atError().setMessage("Cannot start: " + e.getMessage()).log();
            exit(1);
        }
    }

    /** Starts serving; the process goes on until it is asked to stop. */
    static void serve(SidecarSettings settings) {
        var sidecar = Sidecar.start(settings);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(sidecar), "shutdown"));
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
