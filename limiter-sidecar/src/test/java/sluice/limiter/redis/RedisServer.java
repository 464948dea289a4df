package sluice.limiter.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A real redis-server process on a free loopback port, with a password made for it; it ends with {@link #close}. {@code SLUICE_REDIS_SERVER}
 * names another program, such as valkey-server.
 */
public final class RedisServer implements AutoCloseable {

    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();
    private static final String PROGRAM = System.getenv().getOrDefault("SLUICE_REDIS_SERVER", "redis-server");

    private final Path folder;
    private final int port;
    private String password;
    private final List<String> options;
    private final boolean sentinel;
    private Process process;

    private RedisServer(Path folder, int port, String password, List<String> options, boolean sentinel) {
        this.folder = folder;
        this.port = port;
        this.password = password;
        this.options = options;
        this.sentinel = sentinel;
        this.process = launch();
    }

    public static RedisServer start(Path folder, String... options) {
        return startWith(UUID.randomUUID().toString(), folder, options);
    }

    /** One of several that have the same password, each in its own folder, which is made. */
    static RedisServer startWith(String password, Path folder, String... options) {
        return new RedisServer(made(folder), freePort(), password, List.of(options), false);
    }

    /** A sentinel, with these lines in its configuration; its own password is as given. */
    static RedisServer startSentinel(String password, Path folder, List<String> lines) {
        var port = freePort();
        var all = new ArrayList<>(List.of("port " + port, "bind 127.0.0.1", "requirepass " + password));
        all.add("dir " + made(folder));
        all.addAll(lines);
        try {
            Files.write(folder.resolve("sentinel.conf"), all);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new RedisServer(folder, port, password, List.of(), true);
    }

    private static Path made(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A port that nobody listens on, and that nobody else has been given who may not listen on it yet. */
    static int freePort() {
        while (true) {
            try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                if (GIVEN.add(socket.getLocalPort())) {
                    return socket.getLocalPort();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private Process launch() {
        var command = new ArrayList<>(List.of(PROGRAM));
        command.addAll(
                sentinel ? List.of(folder.resolve("sentinel.conf").toString(), "--sentinel") : serverArguments());
        try {
            var started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("redis.log").toFile())
                    .start();
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> accepts() || !started.isAlive());
            if (!started.isAlive()) {
                throw new IllegalStateException(Files.readString(folder.resolve("redis.log")));
            }
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(PROGRAM + " cannot be run; install the package redis-server", e);
        }
    }

    private List<String> serverArguments() {
        var arguments = new ArrayList<>(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
        arguments.addAll(List.of("--requirepass", password, "--save", "", "--dir", folder.toString()));
        arguments.addAll(options);
        return arguments;
    }

    private boolean accepts() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    public int port() {
        return port;
    }

    public String password() {
        return password;
    }

    public String url() {
        return "redis://:" + password + "@127.0.0.1:" + port;
    }

    /** Writes the Secret as it is mounted. */
    public void writeSecret(Path secret) {
        writeSecret(secret, url());
    }

    public static void writeSecret(Path secret, String url) {
        try {
            Files.createDirectories(secret);
            Files.writeString(secret.resolve("REDIS_URL"), url);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs one command with redis-cli and returns what it says. */
    public String command(String... words) {
        var command = new ArrayList<>(List.of("redis-cli", "-p", Integer.toString(port), "--no-auth-warning"));
        command.addAll(List.of(words));
        try {
            var builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("REDISCLI_AUTH", password);
            var cli = builder.start();
            var answer = new String(cli.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            cli.waitFor();
            return answer.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** How often a command was called since the statistics were reset; {@code script|load} for a subcommand. */
    public long calls(String command) {
        return statistic("commandstats", "cmdstat_" + command + ":calls=");
    }

    /** How often it answered with an error of this kind. */
    long errors(String kind) {
        return statistic("errorstats", "errorstat_" + kind + ":count=");
    }

    /** How many connections it has accepted, the one that asks included. */
    long connectionsReceived() {
        return statistic("stats", "total_connections_received:");
    }

    private long statistic(String section, String prefix) {
        return command("INFO", section)
                .lines()
                .filter(line -> line.startsWith(prefix))
                .mapToLong(line -> Long.parseLong(
                        line.substring(prefix.length()).split(",", 2)[0].strip()))
                .sum();
    }

    /** The connections of others than whoever asks, one line each. */
    List<String> clients() {
        return command("CLIENT", "LIST", "TYPE", "normal")
                .lines()
                .filter(line -> !line.contains("cmd=client"))
                .toList();
    }

    boolean isMaster() {
        return command("ROLE").lines().findFirst().orElse("").equals("master");
    }

    /** Lets only the new password in, and drops everybody who came with the old one. */
    public void changePassword(String next) {
        command("CONFIG", "SET", "requirepass", next);
        password = next;
        command("CLIENT", "KILL", "TYPE", "normal");
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        waitForEnd();
    }

    private void waitForEnd() {
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("redis-server does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Starts it again on the same port, empty, after {@link #kill}. */
    public void restart() {
        process = launch();
    }

    /** SIGSTOP: alive, accepting connections, and saying nothing. */
    public void freeze() {
        signal("-STOP");
    }

    public void thaw() {
        signal("-CONT");
    }

    private void signal(String signal) {
        try {
            new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
