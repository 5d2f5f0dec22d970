package io.amends.spring.boot.autoconfigure.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.amends.dashboard.alerts.Alert;
import io.amends.dashboard.alerts.MessageRemoved;
import io.amends.dashboard.alerts.MessageSetAside;
import io.amends.dashboard.alerts.SagaGotStuck;
import io.amends.dashboard.alerts.StuckAlert;
import io.amends.dashboard.live.Charts;
import io.amends.dashboard.live.LiveFeed;
import io.amends.spring.boot.autoconfigure.console.Shop.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.PayloadApplicationEvent;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the console tells by itself, in a running application. */
@ExtendWith(OutputCaptureExtension.class)
class ConsoleLiveTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final List<String> POSTED = new CopyOnWriteArrayList<>();

    /** A look sees every fourth of these, which is another one each time. */
    private static final List<String> REASONS = List.of("NON_RETRYABLE", "RETRIES_EXHAUSTED", "DEADLINE_BREACHED");

    private static HttpServer webhook;
    private static Shop shop;

    @BeforeAll
    static void start() throws IOException {
        webhook = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        webhook.createContext("/", exchange -> {
            POSTED.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        webhook.start();
        shop = Shop.secured(
                "--saga.console.alerts.interval=100ms",
                "--saga.console.url=https://shop.example/amends",
                "--saga.console.webhook.url=http://127.0.0.1:%d/"
                        .formatted(webhook.getAddress().getPort()));
    }

    @AfterAll
    static void stop() {
        shop.close();
        webhook.stop(0);
    }

    private static HttpResponse<InputStream> listen(Shop to, String query) {
        try {
            URI address = URI.create("http://127.0.0.1:%s/amends/api/v1/events%s"
                    .formatted(to.context.getEnvironment().getProperty("local.server.port"), query));
            HttpRequest request = HttpRequest.newBuilder(address)
                    .timeout(PATIENCE)
                    .header("Authorization", "Basic dmlld2VyOnNlY3JldA==")
                    .build();
            return HTTP.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException | InterruptedException trouble) {
            throw new IllegalStateException(trouble);
        }
    }

    /** The next event of that name. */
    private static JsonNode next(BufferedReader events, String name) throws IOException {
        String line = events.readLine();
        String event = "";
        while (line != null) {
            if (line.startsWith("event:")) {
                event = line.substring("event:".length());
            } else if (line.startsWith("data:") && event.equals(name)) {
                return JsonMapper.shared().readTree(line.substring("data:".length()));
            }
            line = events.readLine();
        }
        throw new AssertionError("The stream ended.");
    }

    /** Whoever is gone is noticed when something is told. */
    private static void awaitListeners(int number) {
        AtomicInteger looks = new AtomicInteger();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> {
            String reason = REASONS.get(looks.incrementAndGet() % REASONS.size());
            shop.jdbc.update("update saga_instance set reason_code = ? where phase = 'STUCK'", reason);
            return shop.context.getBean(LiveFeed.class).listeners() <= number;
        });
    }

    @Test
    void a_page_hears_at_once_how_many_are_stuck_and_then_of_each_change() throws IOException {
        UUID first = shop.stuck("heard-1");
        HttpResponse<InputStream> stream = listen(shop, "?sagas=" + first);
        assertThat(stream.statusCode()).isEqualTo(200);
        assertThat(stream.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        assertThat(stream.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
        try (BufferedReader events = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            long before = next(events, "counts").get("total").asLong();
            JsonNode saga = next(events, "saga");
            assertThat(saga.get("id").asString()).isEqualTo(first.toString());
            assertThat(saga.get("revision").asLong()).isEqualTo(shop.revision(first));

            shop.stuck("heard-2");
            JsonNode counts = next(events, "counts");
            while (counts.get("total").asLong() <= before) {
                counts = next(events, "counts");
            }
            assertThat(counts.get("byReason").propertyNames()).isNotEmpty();
        }
    }

    @Test
    void a_page_that_is_closed_is_no_trouble(CapturedOutput log) throws IOException {
        shop.stuck("closed");
        listen(shop, "").body().close();

        awaitListeners(0);
        assertThat(log.getOut()).doesNotContain("ended unexpectedly");
    }

    @Test
    void no_more_than_fifty_pages_listen_and_a_bad_id_is_told() throws IOException {
        shop.stuck("full");
        assertThat(shop.get("/api/v1/events?sagas=nonsense").by("viewer").send().status())
                .isEqualTo(400);
        awaitListeners(0);
        int free =
                LiveFeed.MOST_LISTENERS - shop.context.getBean(LiveFeed.class).listeners();
        List<InputStream> streams = new ArrayList<>();
        try {
            for (int i = 0; i < free; i++) {
                streams.add(listen(shop, "").body());
            }
            Answer refused = shop.get("/api/v1/events").by("viewer").send();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.code()).isEqualTo("TOO_MANY_LISTENERS");
        } finally {
            for (InputStream stream : streams) {
                stream.close();
            }
            awaitListeners(0);
        }
    }

    private static Answer askAsAnOpenPage(String path, String who, int seconds) {
        Answer answer = shop.get(path)
                .header("Cache-Control", "max-age=" + seconds)
                .by(who)
                .send();
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer;
    }

    @Test
    void pages_of_those_who_see_the_same_are_given_one_answer_and_others_their_own() {
        String path = "/api/v1/sagas/" + shop.stuck("shared");
        await().atMost(PATIENCE).untilAsserted(() -> {
            Answer first = askAsAnOpenPage(path, "admin", 3600);
            Answer other = askAsAnOpenPage(path, "second", 3600);
            assertThat(other.text()).as("read once for two admins").isEqualTo(first.text());
            assertThat(other.header("Age")).isNotEmpty();
        });

        assertThat(askAsAnOpenPage(path, "admin", 3600).json().get("verbs")).isNotEmpty();
        assertThat(askAsAnOpenPage(path, "viewer", 3600).json().get("verbs"))
                .as("a viewer is not given an admin's")
                .isEmpty();
        assertThat(shop.get(path).header("Cache-Control", "max-age=3600").send().status())
                .isEqualTo(401);
        assertThat(shop.get(path).by("admin").send().header("Age"))
                .as("who does not say how old it may be has it read")
                .isEmpty();
    }

    @Test
    void who_has_just_ordered_something_sees_what_came_of_it() {
        UUID id = shop.stuck("ordered");
        String path = "/api/v1/sagas/" + id;
        assertThat(askAsAnOpenPage(path, "admin", 3600).json().get("pause").isNull())
                .isTrue();

        assertThat(shop.order(id, "pause", shop.revision(id), "{\"reason\":\"wait\"}")
                        .by("admin")
                        .send()
                        .status())
                .isEqualTo(200);

        assertThat(askAsAnOpenPage(path, "admin", 0).json().get("pause").isNull())
                .isFalse();
        assertThat(askAsAnOpenPage(path, "admin", 3600).json().get("pause").isNull())
                .as("nor is it undone by what was read before")
                .isFalse();
    }

    @Test
    void counts_that_a_page_has_already_are_not_sent_again() {
        await().atMost(PATIENCE).untilAsserted(() -> {
            String tag = askAsAnOpenPage("/api/v1/stuck/counts", "viewer", 3600).header("ETag");
            assertThat(shop.get("/api/v1/stuck/counts")
                            .header("If-None-Match", tag)
                            .by("viewer")
                            .send()
                            .status())
                    .isEqualTo(304);
        });
    }

    @Test
    void charts_have_what_this_process_did() {
        shop.stuck("charted");
        shop.context.getBean(Charts.class).sample();

        JsonNode charts =
                shop.get("/api/v1/charts?minutes=5").by("viewer").send().json();

        assertThat(charts.get("every").asLong()).isEqualTo(10_000);
        assertThat(charts.get("points")
                        .valueStream()
                        .mapToDouble(point -> point.get("started").asDouble())
                        .sum())
                .isPositive();
        assertThat(charts.get("points")
                                .valueStream()
                                .anyMatch(point -> point.get("stuck").asLong() > 0)
                        || POSTED.isEmpty())
                .isTrue();
        assertThat(shop.get("/api/v1/charts?minutes=1441").by("viewer").send().status())
                .isEqualTo(400);
    }

    @Test
    void the_application_and_the_webhook_hear_that_a_saga_got_stuck() {
        List<StuckAlert> heard = new CopyOnWriteArrayList<>();
        shop.context.addApplicationListener(event -> {
            if (event instanceof PayloadApplicationEvent<?> told && told.getPayload() instanceof StuckAlert alert) {
                heard.add(alert);
            }
        });

        UUID id = shop.stuck("told");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(heard)
                        .filteredOn(alert -> alert.sagaId().equals(id))
                        .singleElement()
                        .isInstanceOf(SagaGotStuck.class));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(POSTED)
                        .filteredOn(body -> body.contains(id.toString()))
                        .singleElement()
                        .asString()
                        .contains("GOT_STUCK", "\"link\":\"https://shop.example/amends/sagas/" + id)
                        .doesNotContain(Shop.SECRET, Shop.CARD, Shop.STREET));
    }

    @Test
    void the_application_and_the_webhook_hear_that_a_message_was_set_aside_and_is_gone() {
        List<Alert> heard = new CopyOnWriteArrayList<>();
        shop.context.addApplicationListener(event -> {
            if (event instanceof PayloadApplicationEvent<?> told && told.getPayload() instanceof Alert alert) {
                heard.add(alert);
            }
        });

        shop.jdbc.update(
                "insert into saga_inbox_quarantine (topic, partition_no, offset_no, headers, reason_code, reason)"
                        + " values ('live', 0, 7, '', 'UNKNOWN_TYPE', 'r')");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(heard).hasAtLeastOneElementOfType(MessageSetAside.class));
        shop.jdbc.update("delete from saga_inbox_quarantine where topic = 'live'");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(heard).hasAtLeastOneElementOfType(MessageRemoved.class));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(POSTED)
                        .filteredOn(body -> body.contains("live-0@7"))
                        .hasSize(2));
    }

    @Test
    void without_two_phase_commit_nothing_is_in_doubt() {
        JsonNode answer = shop.get("/api/v1/in-doubt").by("viewer").send().json();

        assertThat(answer.get("present").asBoolean()).isFalse();
        assertThat(answer.get("branches")).isEmpty();
        assertThat(shop.get("/api/v1/stuck/counts")
                        .by("viewer")
                        .send()
                        .json()
                        .get("inDoubt")
                        .isNull())
                .isTrue();
    }

    @Test
    void pages_that_listen_do_not_hold_up_the_end_of_the_process() throws IOException {
        Shop other = Shop.secured();
        long start;
        try (InputStream stream = listen(other, "").body()) {
            start = System.nanoTime();
            other.close();
            stream.readAllBytes();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(25));
    }

    @Test
    void an_export_that_breaks_in_the_middle_does_not_look_like_the_whole() {
        shop.jdbc.update("insert into saga_console_action (actor, verb, arguments, reason, result)"
                + " values ('', 'broken', '', 'nobody wrote this line, so that it can not be read', 'NOTED')");
        shop.jdbc.update("insert into saga_console_action (actor, verb, arguments, reason, result)"
                + " select 'ann', 'broken', '', 'no ' || n, 'NOTED' from generate_series(1, 1500) n");

        for (String format : List.of("csv", "jsonl")) {
            assertThatThrownBy(() -> shop.get("/api/v1/audit/export?verb=broken&format=" + format)
                            .by("admin")
                            .send())
                    .as(format)
                    .hasRootCauseInstanceOf(IOException.class);
        }
        String whole = shop.get("/api/v1/audit/export?verb=nothing&format=jsonl")
                .by("admin")
                .send()
                .text();
        assertThat(whole).isEqualTo("{\"end\":true,\"lines\":0}\n");
    }

    @Test
    void an_export_that_can_not_begin_says_why() {
        shop.jdbc.update("insert into saga_console_action (actor, verb, arguments, reason, result)"
                + " values ('', 'silent', '', 'nobody wrote this line', 'NOTED')");
        shop.jdbc.update("insert into saga_console_action (actor, verb, arguments, reason, result)"
                + " select 'ann', 'silent', '', 'no ' || n, 'NOTED' from generate_series(1, 2) n");

        Answer answer = shop.get("/api/v1/audit/export?verb=silent&format=csv")
                .by("admin")
                .send();

        assertThat(answer.status()).isBetween(400, 500);
        assertThat(answer.code()).isNotEmpty();
        assertThat(answer.header("Content-Disposition")).isEmpty();
    }
}
