package sluice.e2e.load;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import sluice.e2e.cluster.Scripts;

/** Constant load that runs until it is stopped. */
public final class Load {
    /** The share of the demonstration's requests that are logins and signups, one login in ten with a wrong password. */
    public static final double SIGN_INS = 0.02;

    // Ends by itself should nobody stop it.
    private static final Duration LONGEST = Duration.ofMinutes(45);

    private final Scripts scripts;
    private final Path folder;

    private Load(Scripts scripts, Path folder) {
        this.scripts = scripts;
        this.folder = folder;
    }

    /**
     * Starts a load through the WAF.
     *
     * @param folder where the results go
     * @param rate requests per second
     * @param more further options of {@code e2e/around/load}
     */
    public static Load start(Scripts scripts, Path folder, int rate, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "start",
                "--out",
                folder.toString(),
                "--rate",
                Integer.toString(rate),
                "--duration",
                LONGEST.toSeconds() + "s"));
        arguments.addAll(List.of(more));
        scripts.run("around/load", arguments.toArray(String[]::new));
        return new Load(scripts, folder);
    }

    /** Ends the load, waits for its last answers, and reads what became of it. */
    public LoadResults stop() {
        scripts.run("around/load", "stop", "--out", folder.toString());
        return LoadResults.read(folder.resolve("results.json"));
    }
}
