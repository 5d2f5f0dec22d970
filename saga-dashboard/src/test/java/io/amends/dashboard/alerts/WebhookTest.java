package io.amends.dashboard.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real server of HTTP that takes alerts, or does not. */
class WebhookTest extends AlertFixture {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final String SECRET = "a secret of the two";

    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedDeque<Integer> answers = new ConcurrentLinkedDeque<>();
    private final List<Long> transactionsMeanwhile = new CopyOnWriteArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean hangs;
    private HttpServer server;
    private ExecutorService threads;

    private record Request(String delivery, @Nullable String signature, String body) {

        JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }
    }

    @BeforeEach
    void serve() throws IOException {
        threads = Executors.newFixedThreadPool(2);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/alerts", this::take);
        server.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void take(HttpExchange exchange) throws IOException {
        requests.add(new Request(
                exchange.getRequestHeaders().getFirst(Webhook.DELIVERY_HEADER),
                exchange.getRequestHeaders().getFirst(Webhook.SIGNATURE_HEADER),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        transactionsMeanwhile.add(office.number("""
                select count(*) from pg_stat_activity
                 where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null"""));
        if (hangs) {
            try {
                over.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        Integer answer = answers.poll();
        exchange.sendResponseHeaders(answer == null ? 204 : answer, -1);
        exchange.close();
    }

    private Webhook webhook(int attempts, Duration timeout) {
        URI url = URI.create(
                "http://127.0.0.1:%d/alerts".formatted(server.getAddress().getPort()));
        return new Webhook(
                office.jdbc,
                new WebhookSettings(url, SECRET, timeout, attempts, Duration.ofMinutes(1), Duration.ofMinutes(5)),
                "parcels",
                "https://docs.example.com/runbooks",
                "https://shop.example/amends",
                InstantSource.fixed(NOW));
    }

    private static void pauseIsOver() {
        office.jdbc.update("update saga_console_delivery set next_at = clock_timestamp()");
    }

    private static String state() {
        return String.valueOf(office.jdbc.queryForObject("select state from saga_console_delivery", String.class));
    }

    @Test
    void many_alerts_of_one_moment_are_one_request_that_says_all_that_is_needed_and_no_more() throws Exception {
        stuck(3);
        watch(true).look();
        Webhook webhook = webhook(3, LIMIT);

        assertThat(webhook.sendOne()).isTrue();
        assertThat(webhook.sendOne()).isFalse();

        assertThat(requests).singleElement().satisfies(request -> {
            JsonNode body = request.json();
            assertThat(body.get("delivery").asString()).isEqualTo(request.delivery());
            assertThat(body.get("application").asString()).isEqualTo("parcels");
            assertThat(body.get("text").asString()).isEqualTo("Sagas of parcels: 3 got stuck (NON_RETRYABLE 3).");
            assertThat(body.get("alerts")
                            .valueStream()
                            .map(alert -> alert.get("id").asLong()))
                    .containsExactlyElementsOf(
                            heard.stream().map(StuckAlert::id).toList());
            JsonNode first = body.get("alerts").get(0);
            assertThat(first.get("event").asString()).isEqualTo("GOT_STUCK");
            assertThat(first.get("key").asString()).isEqualTo("parcel-0");
            assertThat(first.get("severity").asString()).isEqualTo("HIGH");
            assertThat(first.get("link").asString())
                    .isEqualTo("https://shop.example/amends/sagas/"
                            + first.get("sagaId").asString());
            assertThat(first.get("runbook").asString()).isEqualTo("https://docs.example.com/runbooks/NON_RETRYABLE.md");
            JsonNode page = exampleOfThePage();
            assertThat(body.propertyNames()).containsExactlyInAnyOrderElementsOf(page.propertyNames());
            assertThat(first.propertyNames())
                    .containsExactlyInAnyOrderElementsOf(
                            page.get("alerts").get(0).propertyNames());
            // Its data and what its code threw.
            assertThat(request.body()).doesNotContain("customer-parcel", "unknown van", "4711");
            assertThat(request.signature()).isEqualTo(signature(request.body()));
        });
        assertThat(transactionsMeanwhile)
                .as("transactions while the request was under way")
                .containsOnly(0L);
        assertThat(state()).isEqualTo("DELIVERED");
    }

    private static JsonNode exampleOfThePage() throws IOException {
        String page = Files.readString(Path.of("../docs/observability.md"));
        String mark = "<!-- WebhookTest compares the members with those of a request -->\n```json\n";
        return JsonMapper.shared()
                .readTree(page.split(Pattern.quote(mark), 2)[1].split("```", 2)[0]);
    }

    private static String signature(String body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] sum = mac.doFinal((NOW.getEpochSecond() + "." + body).getBytes(StandardCharsets.UTF_8));
        return "t=" + NOW.getEpochSecond() + ",v1=" + HexFormat.of().formatHex(sum);
    }

    @Test
    void what_recovered_is_told_too() {
        stuck(1);
        watch(true).look();
        recover();
        watch(true).look();
        Webhook webhook = webhook(3, LIMIT);

        webhook.sendOne();
        webhook.sendOne();

        assertThat(requests).hasSize(2);
        assertThat(requests.get(1).json().get("text").asString()).isEqualTo("Sagas of parcels: 1 recovered.");
        assertThat(requests.get(1).json().get("alerts").get(0).get("became").asString())
                .isEqualTo("RUNNING");
    }

    @Test
    void messages_that_were_set_aside_are_told_with_where_they_lie_and_nothing_of_what_is_in_them() {
        stuck(1);
        watch(true).look();
        office.jdbc.update("""
                insert into saga_inbox_quarantine (topic, partition_no, offset_no, payload, headers, reason_code, reason)
                values ('saga.delivery.replies', 3, 42, 'a secret', '', 'UNKNOWN_TYPE', 'words of an exception')""");
        SetAsideWatch watch = new SetAsideWatch(
                office.jdbc,
                office.transactions,
                LIMIT,
                true,
                alert -> assertThat(alert).isNotNull());
        watch.look();
        office.jdbc.update("delete from saga_inbox_quarantine");
        watch.look();
        Webhook webhook = webhook(3, LIMIT);
        while (webhook.sendOne()) {
            // the next one
        }

        assertThat(requests)
                .extracting(request -> request.json().get("text").asString())
                .containsExactly(
                        "Sagas of parcels: 1 got stuck (NON_RETRYABLE 1).",
                        "Sagas of parcels: 1 message was set aside (QUARANTINED_MESSAGE 1).",
                        "Sagas of parcels: 1 message is set aside no longer.");
        assertThat(requests.get(1).json().get("alerts").get(0).propertyStream())
                .extracting(Map.Entry::getKey, field -> field.getValue().asString())
                .contains(
                        tuple("event", "GOT_STUCK"),
                        tuple("kind", "MESSAGE"),
                        tuple("table", "saga_inbox_quarantine"),
                        tuple("place", "saga.delivery.replies-3@42"),
                        tuple("reason", "QUARANTINED_MESSAGE"),
                        tuple("code", "UNKNOWN_TYPE"),
                        tuple("severity", "WARNING"),
                        tuple("runbook", "https://docs.example.com/runbooks/QUARANTINED_MESSAGE.md"));
        assertThat(requests.get(1).body()).doesNotContain("a secret", "words of an exception");
        assertThat(requests.get(2).json().get("alerts").get(0).get("became").asString())
                .isEqualTo("REMOVED");
    }

    @Test
    void what_was_not_taken_is_sent_again_later_under_the_same_id_and_given_up_in_the_end() {
        stuck(1);
        watch(true).look();
        answers.addAll(List.of(500, 302, 404));
        Webhook webhook = webhook(3, LIMIT);

        assertThat(webhook.sendOne()).isTrue();
        assertThat(webhook.sendOne()).as("before the pause is over").isFalse();
        pauseIsOver();
        webhook.sendOne();
        assertThat(state()).isEqualTo("OPEN");
        pauseIsOver();
        webhook.sendOne();

        assertThat(requests).hasSize(3);
        assertThat(requests)
                .extracting(Request::delivery)
                .containsOnly(requests.get(0).delivery());
        assertThat(requests)
                .extracting(Request::body)
                .containsOnly(requests.get(0).body());
        assertThat(office.row("select state, trouble, attempts from saga_console_delivery"))
                .containsEntry("state", "GIVEN_UP")
                .containsEntry("trouble", "it answered 404")
                .containsEntry("attempts", 3);
        pauseIsOver();
        assertThat(webhook.sendOne()).isFalse();
    }

    @Test
    void a_server_that_hangs_is_not_waited_for_longer_than_the_limit() {
        stuck(1);
        watch(true).look();
        hangs = true;

        assertThat(webhook(3, Duration.ofMillis(300)).sendOne()).isTrue();

        assertThat(office.row("select state, trouble from saga_console_delivery")
                        .get("trouble"))
                .asString()
                .containsAnyOf("timed out", "did not answer");
    }

    @Test
    void what_a_process_was_sending_when_it_died_another_one_sends() {
        stuck(1);
        watch(true).look();
        DeliveryTable dies = new DeliveryTable(office.jdbc);
        assertThat(dies.claim(Duration.ofMinutes(1))).isPresent();

        Webhook other = webhook(3, LIMIT);
        assertThat(other.sendOne()).as("while the first one may live").isFalse();
        pauseIsOver();
        assertThat(other.sendOne()).isTrue();

        assertThat(requests).hasSize(1);
        assertThat(state()).isEqualTo("DELIVERED");
    }

    @Test
    void very_many_alerts_are_several_requests_of_limited_size() {
        stuck(3);
        office.jdbc.update("""
                insert into saga_instance (saga_id, saga_name, saga_version, fingerprint, business_key, body_hash, phase,
                                           reason_code, data, row_version, message_sequence, hlc, stuck_since)
                select gen_random_uuid(), 'delivery', 1, 'f', gen_random_uuid()::text, '', 'STUCK', 'NON_RETRYABLE', '', 1, 1, 1,
                       clock_timestamp()
                  from generate_series(1, 247)""");
        watch(true).look();
        Webhook webhook = webhook(3, LIMIT);

        while (webhook.sendOne()) {
            // the next one
        }

        assertThat(requests)
                .extracting(request -> request.json().get("alerts").size())
                .containsExactlyInAnyOrder(100, 100, 50);
        assertThat(requests.stream()
                        .flatMap(request -> request.json().get("alerts").valueStream())
                        .map(alert -> alert.get("id").asLong()))
                .doesNotHaveDuplicates();
    }

    @Test
    void without_a_webhook_nothing_is_kept_to_be_sent() {
        stuck(1);
        watch(false).look();

        assertThat(office.number("select count(*) from saga_console_delivery")).isZero();
    }

    @Test
    void settings_tell_neither_the_address_nor_the_secret_and_pauses_double_up_to_a_limit() {
        WebhookSettings settings = WebhookSettings.of(URI.create("https://alerts.example.com/T0K3N"), SECRET);

        assertThat(settings.toString()).contains("alerts.example.com").doesNotContain("T0K3N", SECRET);
        assertThat(settings.pauseAfter(1)).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.pauseAfter(3)).isEqualTo(Duration.ofSeconds(20));
        assertThat(settings.pauseAfter(60)).isEqualTo(Duration.ofMinutes(10));
        assertThatThrownBy(() -> WebhookSettings.of(URI.create("file:///etc/passwd"), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("http://");
    }
}
