package sluice.operator.admission;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** Serves {@code POST /mutate} over TLS. Whatever goes wrong, pods are admitted as they are, with a warning. */
public final class WebhookServer implements AutoCloseable {

    private static final String PATH = "/mutate";

    /** What the API server itself takes for the largest object. */
    private static final int LARGEST_BODY = 3 * 1024 * 1024;

    private static final int STOP_SECONDS = 2;

    private final PodAdmission admission;
    private final HttpsServer server;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("webhook-", 0).factory());

    /**
     * Starts serving on every address of the machine.
     *
     * @param rollouts finds a rollout by namespace and name
     * @param port where to listen, 0 for any free port
     */
    public WebhookServer(InjectionSettings settings, RolloutSource rollouts, SSLContext ssl, int port)
            throws IOException {
        this.admission =
                new PodAdmission(new PodInjector(new DrainTokens()), new RolloutLookup(rollouts, settings), settings);
        this.server = HttpsServer.create(new InetSocketAddress(port), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(ssl));
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        new AdmissionWarmUp(settings).run();
        server.start();
    }

    /** The port that is listened on. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Takes no more questions and gives those that are being answered two seconds. */
    @Override
    public void close() {
        server.stop(STOP_SECONDS);
        threads.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals(PATH)) {
                refuse(exchange, 404, "only " + PATH + " is served");
            } else if (!exchange.getRequestMethod().equals("POST")) {
                refuse(exchange, 405, "only POST is answered");
            } else {
                review(exchange);
            }
        }
    }

    private void review(HttpExchange exchange) throws IOException {
        var body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
        if (body.length > LARGEST_BODY) {
            refuse(exchange, 413, "an AdmissionReview has at most " + LARGEST_BODY + " bytes");
            return;
        }
        byte[] answer;
        try {
            answer = admission.review(body);
        } catch (IOException e) {
            refuse(exchange, 400, "not a readable AdmissionReview");
            return;
        }
        send(exchange, 200, "application/json", answer);
    }

    private static void refuse(HttpExchange exchange, int status, String why) throws IOException {
        send(exchange, status, "text/plain; charset=utf-8", (why + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
