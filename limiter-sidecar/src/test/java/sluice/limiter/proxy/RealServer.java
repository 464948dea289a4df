package sluice.limiter.proxy;

import static java.util.Objects.requireNonNull;

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
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.awaitility.Awaitility;

/**
 * A server of the kind that people run behind the sidecar. It answers every request with 200 and, in {@code X-Seen}, method, target and
 * body in hexadecimal digits; the ones that are proxies themselves have that said by an app behind them.
 */
record RealServer(int port, Runnable end) implements AutoCloseable {

    /** Also what stands behind those that are proxies. */
    static RealServer tomcat(Path folder) {
        var tomcat = new Tomcat();
        tomcat.setBaseDir(folder.toString());
        tomcat.setHostname("127.0.0.1");
        tomcat.setPort(0);
        tomcat.setSilent(true);
        tomcat.getConnector().setProperty("maxHttpRequestHeaderSize", "65536");
        var context = (StandardContext) tomcat.addContext("", folder.toString());
        context.setClearReferencesThreadLocals(false);
        context.setClearReferencesRmiTargets(false);
        Tomcat.addServlet(context, "echo", new EchoServlet()).addMapping("/");
        try {
            tomcat.start();
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
        return new RealServer(tomcat.getConnector().getLocalPort(), () -> end(tomcat));
    }

    private static void end(Tomcat tomcat) {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }

    static RealServer nginx(Path folder) {
        return behind(folder, "nginx.conf", "nginx-light", "nginx", "-p", folder.toString(), "-c");
    }

    static RealServer apache(Path folder) {
        return behind(folder, "httpd.conf", "apache2-bin", "apache2", "-D", "FOREGROUND", "-f");
    }

    static RealServer haproxy(Path folder) {
        return behind(folder, "haproxy.cfg", "haproxy", "haproxy", "-f");
    }

    static RealServer node(Path folder) {
        var port = freePort();
        return launch(folder, port, "nodejs", "node", resource("echo.js", folder, port, 0), Integer.toString(port));
    }

    static RealServer gunicorn(Path folder) {
        return python(
                folder, "gunicorn", "--worker-class=gthread", "--threads=4", "--keep-alive=60", "echo:wsgi", "--bind");
    }

    static RealServer uvicorn(Path folder) {
        var port = freePort();
        resource("echo.py", folder, port, 0);
        return launch(
                folder,
                port,
                "python3-uvicorn",
                "/usr/bin/python3",
                "-m",
                "uvicorn",
                "--http=h11",
                "--timeout-keep-alive=60",
                "--port=" + port,
                "echo:asgi");
    }

    static RealServer hypercorn(Path folder) {
        return python(folder, "hypercorn", "--keep-alive=60", "echo:asgi", "--bind");
    }

    static RealServer go(Path folder) {
        var port = freePort();
        return launch(folder, port, "Go", go(), "run", resource("echo.go", folder, port, 0), Integer.toString(port));
    }

    static String go() {
        return Files.isExecutable(Path.of("/usr/local/go/bin/go")) ? "/usr/local/go/bin/go" : "go";
    }

    private static RealServer python(Path folder, String module, String... options) {
        var port = freePort();
        resource("echo.py", folder, port, 0);
        var command = new ArrayList<>(List.of("/usr/bin/python3", "-m", module));
        command.addAll(List.of(options));
        command.add("127.0.0.1:" + port);
        return launch(folder, port, "python3-" + module, command.toArray(String[]::new));
    }

    /** A proxy, whose command ends with the name of its configuration. */
    private static RealServer behind(Path folder, String configuration, String debian, String... command) {
        var echo = tomcat(folder);
        var port = freePort();
        var whole = Arrays.copyOf(command, command.length + 1);
        whole[command.length] = resource(configuration, folder, port, echo.port());
        var server = launch(folder, port, debian, whole);
        return new RealServer(port, () -> {
            server.close();
            echo.close();
        });
    }

    /** Writes it into {@code folder}, with what it is told in its placeholders, and returns where it is. */
    private static String resource(String name, Path folder, int port, int backend) {
        try (var in = requireNonNull(RealServer.class.getResourceAsStream(name), name)) {
            var text = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("@PORT@", Integer.toString(port))
                    .replace("@BACKEND@", Integer.toString(backend))
                    .replace("@DIR@", folder.toString());
            return Files.writeString(folder.resolve(name), text).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RealServer launch(Path folder, int port, String debian, String... command) {
        var output = folder.resolve("output").toFile();
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output);
        try {
            var process = builder.start();
            Awaitility.await().atMost(Duration.ofMinutes(5)).until(() -> accepts(port) || !process.isAlive());
            if (!process.isAlive()) {
                throw new IllegalStateException(command[0] + " (" + debian + "): " + Files.readString(output.toPath()));
            }
            return new RealServer(port, () -> end(process));
        } catch (IOException e) {
            throw new UncheckedIOException(command[0] + " cannot be run; install " + debian, e);
        }
    }

    private static void end(Process process) {
        // The master first: nginx's would replace a worker that is gone.
        var all = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(handle -> handle.onExit().join());
    }

    private static boolean accepts(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        end.run();
    }
}
