package io.amends.twopc.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.amends.twopc.TwoPhaseEndpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A service's endpoint on the JDK's HTTP server, with faults of the network. It keeps its port when it starts again. */
public final class EndpointServer implements AutoCloseable {

    public static final String SECRET = "a-secret-of-the-test";

    private final Supplier<TwoPhaseEndpoint> endpoint;
    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private volatile Predicate<String> lose = path -> false;
    private volatile Predicate<String> drop = path -> false;
    private @Nullable HttpServer server;
    private int port;

    public EndpointServer(Supplier<TwoPhaseEndpoint> endpoint) {
        this.endpoint = endpoint;
        start();
    }

    void start() {
        try {
            HttpServer made = HttpServer.create(new InetSocketAddress("localhost", port), 0);
            made.setExecutor(threads);
            made.createContext("/", this::handle);
            made.start();
            port = made.getAddress().getPort();
            server = made;
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    void stop() {
        if (server != null) {
            server.stop(0);
            server = null;
        }
    }

    /** From now on what is asked of such paths is done, but its answer is lost. */
    public void loseAnswersOf(Predicate<String> paths) {
        lose = paths;
    }

    /** From now on what is asked of such paths is answered by somebody in between. */
    public void answerInBetween(Predicate<String> paths) {
        drop = paths;
    }

    public URI uri() {
        return URI.create("http://localhost:" + port);
    }

    List<String> calls() {
        return calls;
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        calls.add(path.substring(path.lastIndexOf('/') + 1));
        if (drop.test(path)) {
            exchange.getRequestBody().readAllBytes();
            write(exchange, 502, "Bad gateway".getBytes(StandardCharsets.UTF_8));
            return;
        }
        TwoPhaseHttp.Answer answer = answer(exchange, List.of(path.split("/")));
        if (lose.test(path)) {
            exchange.close();
            return;
        }
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        write(exchange, answer.status(), answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private TwoPhaseHttp.Answer answer(HttpExchange exchange, List<String> path) {
        TwoPhaseHttp http = new TwoPhaseHttp(endpoint.get(), SECRET);
        String secret = exchange.getRequestHeaders().getFirst(Wire.AUTHORIZATION);
        String limit = exchange.getRequestHeaders().getFirst(TwoPhaseHttp.TIMEOUT_HEADER);
        String type = exchange.getRequestHeaders().getFirst(Wire.CONTENT_TYPE);
        return switch (path.get(path.size() - 1)) {
            case "prepare" -> http.prepare(secret, path.get(2), limit, type, exchange.getRequestBody());
            case "commit" -> http.commit(secret, path.get(2), limit, parameter(exchange));
            case "rollback" -> http.rollback(secret, path.get(2), limit, parameter(exchange));
            case "in-doubt" -> http.inDoubt(secret, limit, parameter(exchange));
            default -> http.states(secret, limit, exchange.getRequestBody());
        };
    }

    /** The only one, decoded. */
    private static @Nullable String parameter(HttpExchange exchange) {
        String query = exchange.getRequestURI().getQuery();
        return query == null ? null : query.substring(query.indexOf('=') + 1);
    }

    private static void write(HttpExchange exchange, int status, byte[] body) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        stop();
        threads.shutdownNow();
    }
}
