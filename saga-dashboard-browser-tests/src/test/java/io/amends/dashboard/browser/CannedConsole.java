package io.amends.dashboard.browser;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The console's pages with answers that a test chooses, for what a real application can't be brought to say: hostile text in
 * every field at once, and answers that come too late or not at all. The pages are the real ones, with the real headers.
 */
final class CannedConsole implements AutoCloseable {

    static final String BASE = "/desk/amends/";

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'none';"
                    + " frame-ancestors 'none'; base-uri 'self'; form-action 'self'";
    private static final Pattern TIME = Pattern.compile("\"@([+-]?)(\\d+)\"");
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final JsonNode answers;
    private final Map<String, String> written = new ConcurrentHashMap<>();
    private final Map<String, Answer> overrides = new ConcurrentHashMap<>();
    private final Map<String, Answer> refusals = new ConcurrentHashMap<>();
    private final List<Order> orders = new CopyOnWriteArrayList<>();
    private final Map<String, String> ages = new ConcurrentHashMap<>();
    private final List<OutputStream> streams = new CopyOnWriteArrayList<>();
    private volatile boolean streaming;

    /** Something that a page ordered. */
    record Order(String path, String body, String key, String revision, String token) {}

    private record Answer(int status, String body) {}

    private CannedConsole(UnaryOperator<JsonNode> change) {
        try {
            answers = change.apply(JSON.readTree(TIME.matcher(text("/canned/answers.json"))
                    .replaceAll(found -> '"'
                            + Instant.now()
                                    .plusSeconds(Long.parseLong(found.group(1) + found.group(2)))
                                    .toString()
                            + '"')));
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    static CannedConsole start() {
        return start(answers -> answers);
    }

    /** With all answers changed. */
    static CannedConsole start(UnaryOperator<JsonNode> change) {
        return new CannedConsole(change);
    }

    String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    String url(String page) {
        return origin() + BASE + page;
    }

    /** From now on that path is answered like that. */
    void answer(String path, int status, String body) {
        overrides.put(path, new Answer(status, body));
    }

    /** From now on whatever is asked by that method is refused like that, but for who is there. */
    void refuse(String method, int status, String body) {
        refusals.put(method, new Answer(status, body));
    }

    /** Answers again. */
    void refuseNothing() {
        refusals.clear();
    }

    List<Order> orders() {
        return List.copyOf(orders);
    }

    /** How old an answer to that path may be, as it was asked last. */
    String age(String path) {
        return ages.getOrDefault(path, "not asked");
    }

    /** Whether there is an event stream; otherwise it is refused, as when too many listen. */
    void streaming(boolean is) {
        streaming = is;
    }

    /** How many tabs listen; one that has gone is noticed when something is sent. */
    int listeners() {
        return streams.size();
    }

    void send(String event, String data) {
        byte[] bytes = "event: %s\ndata: %s\n\n".formatted(event, data).getBytes(StandardCharsets.UTF_8);
        for (OutputStream stream : streams) {
            try {
                stream.write(bytes);
                stream.flush();
            } catch (IOException gone) {
                streams.remove(stream);
            }
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        exchange.getResponseHeaders().set("Content-Security-Policy", POLICY);
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        if (path.startsWith(BASE + "assets/")) {
            asset(exchange, path.substring(BASE.length()));
        } else if (path.equals(BASE + "api/v1/events") && streaming) {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            OutputStream stream = exchange.getResponseBody();
            stream.write(": hello\n\n".getBytes(StandardCharsets.UTF_8));
            stream.flush();
            streams.add(stream);
        } else if (path.startsWith(BASE + "api/v1/")) {
            api(exchange, path.substring((BASE + "api/v1/").length()));
        } else {
            send(
                    exchange,
                    200,
                    "text/html; charset=utf-8",
                    text("/io/amends/dashboard/pages/index.html").replace("{{base}}", BASE));
        }
    }

    private void asset(HttpExchange exchange, String name) throws IOException {
        String type = name.endsWith(".js")
                ? "text/javascript; charset=utf-8"
                : name.endsWith(".css") ? "text/css; charset=utf-8" : "image/svg+xml";
        send(exchange, 200, type, text("/io/amends/dashboard/pages/" + name));
    }

    private void api(HttpExchange exchange, String path) throws IOException {
        boolean isOrder = exchange.getRequestMethod().equals("POST");
        if (isOrder && !path.endsWith("/foresee")) {
            var headers = exchange.getRequestHeaders();
            orders.add(new Order(
                    path,
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                    headers.getFirst("Idempotency-Key"),
                    headers.getFirst("If-Match"),
                    headers.getFirst("X-XSRF-TOKEN")));
        }
        ages.put(path, String.valueOf(exchange.getRequestHeaders().getFirst("Cache-Control")));
        Answer refusal = path.equals("me") ? null : refusals.get(exchange.getRequestMethod());
        Answer override = refusal == null ? overrides.get(path) : refusal;
        if (override != null) {
            send(
                    exchange,
                    override.status(),
                    override.status() < 300 ? "application/json" : "application/problem+json",
                    override.body());
            return;
        }
        String name = answers.propertyNames().stream()
                .filter(known -> known.startsWith("POST ") == isOrder)
                .filter(known -> path.matches(known.replace("POST ", "").replace("*", "[^/]+")))
                .findFirst()
                .orElse(null);
        if (name == null) {
            send(
                    exchange,
                    404,
                    "application/problem+json",
                    "{\"title\":\"Not Found\",\"detail\":\"There is nothing here.\",\"code\":\"NOT_FOUND\"}");
        } else {
            send(
                    exchange,
                    200,
                    "application/json",
                    written.computeIfAbsent(name, known -> JSON.writeValueAsString(answers.get(known))));
        }
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String text(String resource) throws IOException {
        try (InputStream in = CannedConsole.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("There is no " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
