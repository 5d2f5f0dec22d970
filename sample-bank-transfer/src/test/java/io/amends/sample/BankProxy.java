package io.amends.sample;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Stands before a bank, and can cut it off from its coordinator at a chosen request. */
final class BankProxy implements AutoCloseable {

    private static final String EVERYTHING = "/";
    private static final Set<String> NOT_PASSED = Set.of("connection", "content-length", "host", "transfer-encoding");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private final HttpServer server;
    private final URI bank;
    private volatile String cut = "";
    private volatile String hold = "";
    private volatile CountDownLatch held = new CountDownLatch(0);

    BankProxy(URI bank) {
        this.bank = bank;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
        server.setExecutor(threads);
        server.createContext("/", this::pass);
        server.start();
    }

    URI uri() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    /** From the next request with that ending on, all are dropped without an answer. */
    synchronized void cutFrom(String ending) {
        cut = ending;
    }

    /** Requests with that ending are passed on only once it is mended. */
    void holdAt(String ending) {
        held = new CountDownLatch(1);
        hold = ending;
    }

    synchronized void mend() {
        cut = "";
        hold = "";
        held.countDown();
    }

    private synchronized boolean isCutAt(String path) {
        if (!cut.isEmpty() && path.endsWith(cut)) {
            cut = EVERYTHING;
        }
        return cut.equals(EVERYTHING);
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            URI asked = exchange.getRequestURI();
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (isCutAt(asked.getPath())) {
                return;
            }
            if (!hold.isEmpty() && asked.getPath().endsWith(hold) && !held.await(60, TimeUnit.SECONDS)) {
                throw new IOException("held for too long");
            }
            HttpRequest.Builder request = HttpRequest.newBuilder(bank.resolve(asked))
                    .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
            exchange.getRequestHeaders().forEach((name, values) -> {
                if (!NOT_PASSED.contains(name.toLowerCase(Locale.ROOT))) {
                    values.forEach(value -> request.header(name, value));
                }
            });
            HttpResponse<byte[]> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            answer.headers().map().forEach((name, values) -> {
                if (!NOT_PASSED.contains(name.toLowerCase(Locale.ROOT))) {
                    exchange.getResponseHeaders().put(name, List.copyOf(values));
                }
            });
            exchange.sendResponseHeaders(answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
