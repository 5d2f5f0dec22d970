package io.amends.spring.boot.autoconfigure.console;

import static org.awaitility.Awaitility.await;

import io.amends.dashboard.gate.CsrfCookie;
import io.amends.dashboard.rest.ConsoleRoutes.Route;
import io.amends.dashboard.rest.ConsoleServlet;
import io.amends.runtime.Sagas;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.SagaPhase;
import io.amends.spring.boot.autoconfigure.console.shop.ShopApplication;
import io.amends.spring.boot.autoconfigure.console.shop.ShopApplication.Address;
import io.amends.spring.boot.autoconfigure.console.shop.ShopApplication.Purchase;
import io.amends.spring.boot.autoconfigure.console.shop.ShopApplication.PurchaseSaga;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A running shop and its console. */
final class Shop implements AutoCloseable {

    static final String SECRET = "s3cr3t-n0te";
    static final String STREET = "Hidden Lane 7";
    static final String CARD = "4111111111111111";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String TOKEN = "abc";

    final ConfigurableApplicationContext context;
    final JdbcTemplate jdbc;
    private final String address;
    private final String front;
    private final String base;

    private Shop(ConfigurableApplicationContext context, String... settings) {
        boolean isApart = List.of(settings).contains("--saga.console.port=management");
        String contextPath = setting("--server.servlet.context-path=", "", settings);
        this.context = context;
        this.base = (isApart ? setting("--management.server.base-path=", "", settings) : contextPath)
                + setting("--saga.console.path=", "/amends", settings);
        this.jdbc = new JdbcTemplate(context.getBean(DataSource.class));
        this.address = at(isApart ? "local.management.port" : "local.server.port");
        this.front = at("local.server.port") + contextPath;
    }

    private String at(String port) {
        return "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty(port);
    }

    /** With Spring Security and four people: a stranger, a viewer, an operator and an admin. */
    static Shop secured(String... settings) {
        return securedWith(People.class, settings);
    }

    /** Likewise, with a further configuration. */
    static Shop securedWith(Class<?> more, String... settings) {
        List<String> all = new ArrayList<>(List.of("--spring.autoconfigure.exclude="));
        all.addAll(List.of(settings));
        return new Shop(run(new SpringApplicationBuilder(ShopApplication.class, People.class, more), all), settings);
    }

    /** Without Spring Security. */
    static Shop open(String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "--spring.autoconfigure.exclude=",
                "--saga.console.unsafe-without-security=true",
                "--server.address=127.0.0.1"));
        all.addAll(List.of(settings));
        return new Shop(withoutSecurity(all), settings);
    }

    /** Without Spring Security, and without saying that this is meant. */
    static ConfigurableApplicationContext withoutSecurity(List<String> settings) {
        // Its jar also says that it has a service, which would be missed.
        ClassLoader without = new FilteredClassLoader(
                name -> name.startsWith("org.springframework.security.") || name.endsWith(".ThreadLocalAccessor"));
        return run(new SpringApplicationBuilder(new DefaultResourceLoader(without), ShopApplication.class), settings);
    }

    private static String setting(String name, String otherwise, String... settings) {
        return Stream.of(settings)
                .filter(setting -> setting.startsWith(name))
                .map(setting -> setting.substring(name.length()))
                .findFirst()
                .orElse(otherwise);
    }

    private static ConfigurableApplicationContext run(SpringApplicationBuilder builder, List<String> settings) {
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.shared();
        List<String> all = new ArrayList<>(List.of(
                "--spring.main.banner-mode=off",
                "--spring.main.web-application-type=servlet",
                "--server.port=0",
                "--spring.datasource.url=" + postgres.freshDatabase(),
                "--spring.datasource.username=" + postgres.username(),
                "--spring.datasource.password=" + postgres.password(),
                "--spring.kafka.bootstrap-servers="
                        + EmbeddedKafkaBroker.shared().bootstrapServers(),
                "--saga.topics.partitions=1",
                "--saga.orchestrator.timer-interval=50ms",
                "--saga.participant.redelivery-attempts=1",
                "--saga.console.enabled=true",
                "--saga.console.statement-timeout=20s",
                // Changes are told as soon as they can be, however slow this machine is.
                "--saga.console.live-load=1"));
        all.addAll(settings);
        // What a test says comes last, and counts.
        Map<String, String> last = new LinkedHashMap<>();
        all.forEach(setting -> last.put(setting.substring(0, setting.indexOf('=')), setting));
        return builder.run(last.values().toArray(String[]::new));
    }

    List<Route> routes() {
        return context.getBean(ConsoleServlet.class).routes().all();
    }

    /** A purchase that is stuck. */
    UUID stuck(String key) {
        return stuck(key, "Bonn");
    }

    /** Likewise, of a customer in that town. */
    UUID stuck(String key, String town) {
        UUID id = context.getBean(Sagas.class)
                .start(
                        PurchaseSaga.class,
                        new Purchase("pen", CARD, SECRET, new Address(town, STREET)),
                        SagaKey.of(key))
                .sagaId();
        await().atMost(PATIENCE)
                .until(() -> jdbc.queryForObject("select phase from saga_instance where saga_id = ?", String.class, id)
                        .equals(SagaPhase.STUCK.name()));
        return id;
    }

    /** The headers of a participant's yes to a step's command. */
    static Map<String, byte[]> reply(UUID saga, String step, String participant) {
        Map<String, byte[]> headers = new LinkedHashMap<>();
        Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", UUID.randomUUID().toString(),
                        "ce_source", participant,
                        "ce_type", "done",
                        "ce_correlationid", saga.toString(),
                        "saga_name", "purchase",
                        "saga_version", "1",
                        "saga_step", step,
                        "saga_kind", "action",
                        "saga_outcome", "success")
                .forEach((name, value) -> headers.put(name, value.getBytes(StandardCharsets.UTF_8)));
        return headers;
    }

    long revision(UUID id) {
        return jdbc.queryForObject("select row_version from saga_instance where saga_id = ?", Long.class, id);
    }

    /** A request below the console's path. */
    final class Call {

        private final String method;
        private final URI at;
        private final List<String> headers = new ArrayList<>();
        private @Nullable String text;

        private Call(String method, String at) {
            this.method = method;
            this.at = URI.create(at);
        }

        /** Null for nobody. */
        Call by(@Nullable String name) {
            return name == null
                    ? this
                    : header(
                            "Authorization",
                            "Basic "
                                    + Base64.getEncoder()
                                            .encodeToString((name + ":secret").getBytes(StandardCharsets.UTF_8)));
        }

        Call header(String name, String value) {
            headers.add(name);
            headers.add(value);
            return this;
        }

        /** As the console's pages do. */
        Call own() {
            return header("Cookie", CsrfCookie.NAME + "=" + TOKEN).header(CsrfCookie.HEADER, TOKEN);
        }

        Call json(String json) {
            return body(json).header("Content-Type", "application/json");
        }

        Call body(String body) {
            text = body;
            return this;
        }

        Answer send() {
            return new Answer(send(Shop::body));
        }

        /** What is answered, as it comes. */
        HttpResponse<InputStream> open() {
            return send(HttpResponse.BodyHandlers.ofInputStream());
        }

        private <T> HttpResponse<T> send(HttpResponse.BodyHandler<T> body) {
            HttpRequest.Builder request = HttpRequest.newBuilder(at)
                    .timeout(PATIENCE)
                    .method(method, text == null ? BodyPublishers.noBody() : BodyPublishers.ofString(text));
            if (!headers.isEmpty()) {
                request.headers(headers.toArray(String[]::new));
            }
            try {
                return HTTP.send(request.build(), body);
            } catch (IOException | InterruptedException trouble) {
                throw new IllegalStateException(method + " " + at, trouble);
            }
        }
    }

    /** Of a stream of events nothing: it does not end. */
    private static BodySubscriber<String> body(ResponseInfo answer) {
        boolean isStream =
                answer.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream");
        return isStream ? new Left() : BodySubscribers.ofString(StandardCharsets.UTF_8);
    }

    /** Leaves when the body begins. */
    private static final class Left implements BodySubscriber<String> {

        @Override
        public CompletionStage<String> getBody() {
            return CompletableFuture.completedFuture("");
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.cancel();
        }

        @Override
        public void onNext(List<ByteBuffer> part) {}

        @Override
        public void onError(Throwable thrown) {}

        @Override
        public void onComplete() {}
    }

    Call get(String path) {
        return call("GET", path);
    }

    Call post(String path) {
        return call("POST", path);
    }

    Call call(String method, String path) {
        return new Call(method, address + base + path);
    }

    /** What is answered to a request for that host. */
    String named(String host) throws IOException {
        URI at = URI.create(address);
        try (Socket socket = new Socket(at.getHost(), at.getPort())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream()
                    .write("GET %s/api/v1/me HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                            .formatted(base, host)
                            .getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A request to the application itself. */
    Call outside(String path) {
        return new Call("GET", front + path);
    }

    /** An order to a saga, as the pages give it. */
    Call order(UUID id, String verb, long revision, String body) {
        return post("/api/v1/sagas/%s/%s".formatted(id, verb))
                .own()
                .header("If-Match", "\"%d\"".formatted(revision))
                .json(body);
    }

    /** What is answered. */
    record Answer(HttpResponse<String> http) {

        int status() {
            return http.statusCode();
        }

        String text() {
            return http.body();
        }

        JsonNode json() {
            return JsonMapper.shared().readTree(http.body());
        }

        /** The problem's code, empty if it is none. */
        String code() {
            return header("Content-Type").startsWith("application/problem+json")
                    ? json().path("code").asString("")
                    : "";
        }

        String header(String name) {
            return http.headers().firstValue(name).orElse("");
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
