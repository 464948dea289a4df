package sluice.limiter;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The sidecar as a process of its own, which has a pipe for its stdout. */
public final class SidecarProcess implements AutoCloseable {

    private static final Pattern SERVING = Pattern.compile("Serving port=(\\d+) adminPort=(\\d+)");

    private final Process process;
    private final BufferedReader stdout;
    private final int port;
    private final int adminPort;

    private SidecarProcess(Process process, BufferedReader stdout, int port, int adminPort) {
        this.process = process;
        this.stdout = stdout;
        this.port = port;
        this.adminPort = adminPort;
    }

    /** Starts it before {@code app}, with what it writes of errors in {@code folder}, and waits until it serves. */
    public static SidecarProcess start(Path folder, InetSocketAddress app, String... flags) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), LimiterMain.class.getName()));
        var process =
                new ProcessBuilder(command).redirectError(folder.resolve("err").toFile());
        var environment = process.environment();
        environment.put("SLUICE_CONFIG", folder.resolve("none.json").toString());
        environment.put("SLUICE_PORT", "0");
        environment.put("SLUICE_ADMIN_PORT", "0");
        environment.put("SLUICE_UPSTREAM", "127.0.0.1:" + app.getPort());
        return serving(process.start());
    }

    private static SidecarProcess serving(Process process) throws IOException {
        var stdout = process.inputReader(UTF_8);
        for (var line = stdout.readLine(); line != null; line = stdout.readLine()) {
            var serving = SERVING.matcher(line);
            if (serving.find()) {
                return new SidecarProcess(
                        process, stdout, Integer.parseInt(serving.group(1)), Integer.parseInt(serving.group(2)));
            }
        }
        throw new AssertionError("the sidecar has ended");
    }

    public int port() {
        return port;
    }

    public Process process() {
        return process;
    }

    public BufferedReader stdout() {
        return stdout;
    }

    public String metrics() throws IOException {
        try (var metrics =
                URI.create("http://127.0.0.1:" + adminPort + "/metrics").toURL().openStream()) {
            return new String(metrics.readAllBytes(), UTF_8);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
