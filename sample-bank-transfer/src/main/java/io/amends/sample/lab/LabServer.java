package io.amends.sample.lab;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The lab's page and what it asks for. Listens on 127.0.0.1 only, answers to no other host name, and changes something only for
 * requests with a header that another site's page could not send.
 */
final class LabServer implements AutoCloseable {

    /** Requests that change something carry it. */
    static final String ASKED_BY_PAGE = "X-Failure-Lab";

    private static final Logger log = LoggerFactory.getLogger(LabServer.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int LONGEST_BODY = 10_000;
    private static final String FOLDER = "page/";
    private static final Map<String, String> TYPES = Map.of(
            "index.html", "text/html; charset=utf-8",
            "lab.css", "text/css; charset=utf-8",
            "lab.js", "text/javascript; charset=utf-8");

    private final Lab lab;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(4, task -> new Thread(task, "lab-page"));
    private final Set<String> hosts;

    /**
     * @param port 0 for any
     * @throws IOException if the port is taken
     */
    LabServer(Lab lab, int port) throws IOException {
        this.lab = lab;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 0);
        int taken = server.getAddress().getPort();
        hosts = Set.of("127.0.0.1:" + taken, "localhost:" + taken);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** A request that can't be followed, with the reason. */
    private static final class RefusedException extends Exception {

        private static final long serialVersionUID = 1L;
        private final int status;

        RefusedException(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                check(exchange);
                if (exchange.getRequestMethod().equals("GET")) {
                    get(exchange, exchange.getRequestURI().getPath());
                } else {
                    post(exchange, exchange.getRequestURI().getPath());
                }
            } catch (RefusedException refused) {
                answer(exchange, refused.status, Map.of("detail", String.valueOf(refused.getMessage())));
            } catch (RuntimeException trouble) {
                log.warn("The lab could not answer {}", exchange.getRequestURI().getPath(), trouble);
                answer(exchange, 500, Map.of("detail", "The lab could not do that; its output says why."));
            }
        }
    }

    /** A page of another site may be open in the same browser, and may have had its name resolve to this machine. */
    private void check(HttpExchange exchange) throws RefusedException {
        String host = exchange.getRequestHeaders().getFirst("Host");
        if (host == null || !hosts.contains(host)) {
            throw new RefusedException(403, "The lab answers to 127.0.0.1 and localhost only.");
        }
        String method = exchange.getRequestMethod();
        if (method.equals("GET")) {
            return;
        }
        if (!method.equals("POST")) {
            throw new RefusedException(405, "The lab knows GET and POST.");
        }
        if (exchange.getRequestHeaders().getFirst(ASKED_BY_PAGE) == null) {
            throw new RefusedException(403, "Send the header %s: 1.".formatted(ASKED_BY_PAGE));
        }
    }

    private void get(HttpExchange exchange, String path) throws IOException, RefusedException {
        if (path.equals("/state")) {
            answer(exchange, 200, lab.state());
            return;
        }
        String file = path.equals("/") ? "index.html" : path.substring(1);
        String type = TYPES.get(file);
        if (type == null) {
            throw new RefusedException(404, "There is nothing at %s.".formatted(path));
        }
        try (InputStream content = LabServer.class.getResourceAsStream(FOLDER + file)) {
            send(exchange, 200, type, Objects.requireNonNull(content).readAllBytes());
        }
    }

    private void post(HttpExchange exchange, String path) throws IOException, RefusedException {
        JsonNode body = body(exchange);
        try {
            if (path.equals("/load")) {
                load(body);
            } else if (path.equals("/transfers")) {
                lab.load().single(mode(body));
            } else if (path.startsWith("/faults/")) {
                fault(path.substring("/faults/".length()), body);
            } else {
                throw new RefusedException(404, "There is nothing at %s.".formatted(path));
            }
        } catch (RejectedExecutionException tooMany) {
            throw new RefusedException(503, "Too many changes wait already; try again in a moment.");
        }
        answer(exchange, 202, Map.of());
    }

    private static JsonNode body(HttpExchange exchange) throws IOException, RefusedException {
        byte[] bytes = exchange.getRequestBody().readNBytes(LONGEST_BODY + 1);
        if (bytes.length > LONGEST_BODY) {
            throw new RefusedException(413, "The body is too long.");
        }
        try {
            JsonNode node = JSON.readTree(bytes);
            if (node.isObject()) {
                return node;
            }
        } catch (JacksonException malformed) {
            log.debug("Not JSON", malformed);
        }
        throw new RefusedException(400, "The body must be a JSON object.");
    }

    private void load(JsonNode body) throws RefusedException {
        boolean running = flag(body, "running");
        lab.load().set(running ? new Load.Pace(number(body, "rate", 1, 200), number(body, "share", 0, 100)) : null);
    }

    private static String mode(JsonNode body) throws RefusedException {
        JsonNode mode = body.get("mode");
        if (mode != null && mode.isString()) {
            String text = mode.asString();
            if (text.equals(LabOrder.SAGA) || text.equals(LabOrder.TWO_PHASE)) {
                return text;
            }
        }
        throw new RefusedException(400, "mode must be saga or 2pc.");
    }

    private void fault(String id, JsonNode body) throws RefusedException {
        Fault fault = Fault.named(id)
                .orElseThrow(() -> new RefusedException(
                        404, "There is no fault %s; choose one of %s.".formatted(id, String.join(", ", Fault.ids()))));
        if (flag(body, "on")) {
            boolean after = body.has("afterDecision") && flag(body, "afterDecision");
            Duration back =
                    body.has("backAfterSeconds") ? Duration.ofSeconds(number(body, "backAfterSeconds", 1, 600)) : null;
            lab.faults().on(fault, new Faults.Terms(after, back));
        } else {
            lab.faults().off(fault);
        }
    }

    private static boolean flag(JsonNode body, String name) throws RefusedException {
        JsonNode value = body.get(name);
        if (value == null || !value.isBoolean()) {
            throw new RefusedException(400, "%s must be true or false.".formatted(name));
        }
        return value.asBoolean();
    }

    private static int number(JsonNode body, String name, int least, int most) throws RefusedException {
        JsonNode value = body.get(name);
        if (value == null || !value.isInt() || value.asInt() < least || value.asInt() > most) {
            throw new RefusedException(400, "%s must be a number from %d to %d.".formatted(name, least, most));
        }
        return value.asInt();
    }

    private static void answer(HttpExchange exchange, int status, @Nullable Object body) throws IOException {
        send(exchange, status, "application/json", JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.getResponseHeaders()
                .set(
                        "Content-Security-Policy",
                        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
