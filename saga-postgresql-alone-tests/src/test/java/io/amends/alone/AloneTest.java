package io.amends.alone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.amends.alone.ParcelSaga.Parcel;
import io.amends.alone.ParcelSaga.Post;
import io.amends.alone.ShopApplication.Order;
import io.amends.runtime.Sagas;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.SagaPhase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Without any class of Kafka's: an annotated saga, its participants and listeners in one application, and the console. */
@ExtendWith(OutputCaptureExtension.class)
class AloneTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static Shop shop;
    private static ConfigurableApplicationContext process;
    private static String startUp;

    @BeforeAll
    static void start(CapturedOutput output) {
        shop = new Shop();
        process = shop.start();
        startUp = output.getAll();
    }

    @AfterAll
    static void stop() {
        shop.close();
    }

    @Test
    void there_is_no_kafka() {
        for (String name : List.of(
                "org.apache.kafka.common.KafkaException",
                "org.apache.kafka.clients.producer.Producer",
                "org.springframework.kafka.core.KafkaTemplate",
                "org.springframework.boot.kafka.autoconfigure.KafkaProperties")) {
            assertThatThrownBy(() -> Class.forName(name)).isInstanceOf(ClassNotFoundException.class);
        }
    }

    @Test
    void the_start_says_which_way_messages_go() {
        assertThat(startUp)
                .containsPattern(
                        "Relay shop-\\d+-[0-9a-f]+ publishes the outbox of localhost:\\d+/\\S+ to the handlers of this application, without Kafka \\(saga.transport=postgresql\\)")
                .contains(
                        "this application takes saga.bank.commands, saga.hasty-order.replies, saga.order.replies, saga.parcel.replies, saga.post.commands, saga.warehouse.commands, shop.news, shop.paid");
    }

    @Test
    void a_saga_runs_to_its_end_and_what_it_tells_is_heard() {
        Shop.order(process, "cheap", 5);

        Shop.awaitPhase(process, "cheap", SagaPhase.COMPLETED);
        await().atMost(Shop.PATIENCE).until(() -> shop.effects("heard").contains("cheap"));
        assertThat(shop.jdbc
                        .sql("select what from effect where about = 'cheap' order by position")
                        .query(String.class)
                        .list())
                .containsExactly("reserved", "paid", "completed", "heard");
    }

    @Test
    void a_rejection_is_compensated() {
        Shop.order(process, "dear", 5_000);

        Shop.awaitPhase(process, "dear", SagaPhase.COMPENSATED);
        assertThat(shop.jdbc
                        .sql("select what from effect where about = 'dear' order by position")
                        .query(String.class)
                        .list())
                .containsExactly("reserved", "released", "compensated");
    }

    @Test
    void a_handler_that_throws_is_tried_again_and_then_answered_with_an_error_while_others_go_on() throws Exception {
        Shop.hurry(process, new Order("cursed", 5, "bank"));
        Shop.order(process, "beside", 5);

        Shop.awaitPhase(process, "beside", SagaPhase.COMPLETED);
        await().atMost(Shop.PATIENCE)
                .until(() -> shop.count(
                                "select count(*) from saga_inbox_quarantine where reason_code = 'HANDLER_FAILED' and topic = 'saga.warehouse.commands'")
                        > 0);
        assertThat(shop.effects("reserved")).doesNotContain("cursed");
        assertThat(shop.jdbc
                        .sql("select distinct partition_no from saga_inbox_quarantine")
                        .query(Integer.class)
                        .list())
                .as("a place that no record of Kafka's can have")
                .containsExactly(-1);
        assertThat(get("/amends/api/v1/messages")).contains("HANDLER_FAILED").contains("\"partition\":-1");
    }

    @Test
    void at_its_deadline_a_saga_that_has_no_answer_turns_back() {
        Shop.hurry(process, new Order("cursed and late", 5, "bank"));

        await().atMost(Shop.PATIENCE)
                .until(() -> shop.count(
                                "select count(*) from saga_instance where business_key = 'cursed and late' and phase = 'COMPENSATED' and reason_code = 'DEADLINE_BREACHED'")
                        == 1);
    }

    @Test
    void a_saga_whose_attempts_are_spent_is_stuck_and_completes_after_a_retry_from_the_console() throws Exception {
        Post post = process.getBean(Post.class);
        post.onStrike = true;
        UUID saga = process.getBean(Sagas.class)
                .start(ParcelSaga.class, new Parcel("parcel"), SagaKey.of("parcel"))
                .sagaId();
        await().atMost(Shop.PATIENCE)
                .untilAsserted(() -> assertThat(get("/amends/api/v1/sagas/" + saga))
                        .contains("\"phase\":\"STUCK\"", "RETRIES_EXHAUSTED"));
        post.onStrike = false;

        assertThat(retry(saga).statusCode())
                .as("without what shows that it is not forged")
                .isEqualTo(403);
        HttpResponse<String> answer = retry(saga, "Cookie", "XSRF-TOKEN=x", "X-XSRF-TOKEN", "x");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        await().atMost(Shop.PATIENCE)
                .untilAsserted(
                        () -> assertThat(get("/amends/api/v1/sagas/" + saga)).contains("\"phase\":\"COMPLETED\""));
        assertThat(shop.effects("shipped")).containsExactly("parcel");
        assertThat(shop.jdbc
                        .sql("select reason from saga_audit where saga_id = ?")
                        .param(saga)
                        .query(String.class)
                        .list())
                .containsExactly("the strike is over");
    }

    @Test
    void a_malformed_command_is_quarantined_and_the_lane_goes_on() {
        Shop.tell(process, "saga.warehouse.commands", "malformed", "no envelope");
        Shop.order(process, "after-malformed", 5);

        Shop.awaitPhase(process, "after-malformed", SagaPhase.COMPLETED);
        await().atMost(Shop.PATIENCE)
                .until(() ->
                        shop.count("select count(*) from saga_inbox_quarantine where record_key = 'malformed'::bytea")
                                == 1);
    }

    @Test
    void a_message_that_a_listener_can_not_take_is_parked_with_its_key_and_others_go_on() {
        Shop.tell(process, "shop.news", "k", "cursed news", "behind it");
        Shop.tell(process, "shop.news", "other", "other news");

        await().atMost(Shop.PATIENCE).until(() -> shop.effects("heard").contains("other news"));
        await().atMost(Shop.PATIENCE)
                .until(() -> shop.count("select count(*) from saga_inbox_parked where attempts = 2") == 1
                        && shop.count("select count(*) from saga_inbox_parked") == 2);
        assertThat(shop.effects("heard")).doesNotContain("cursed news", "behind it");
    }

    @Test
    void a_command_for_a_participant_that_is_not_here_is_parked_with_the_reason_and_its_saga_is_seen_to_be_stuck()
            throws Exception {
        Shop.hurry(process, new Order("abroad", 5, "foreign-bank"));

        await().atMost(Shop.PATIENCE)
                .until(() -> shop.count(
                                "select count(*) from saga_parked where aggregatetype = 'saga.foreign-bank.commands' and reason_code = 'NO_RECEIVER'")
                        > 0);
        Shop.order(process, "beside-abroad", 5);
        Shop.awaitPhase(process, "beside-abroad", SagaPhase.COMPLETED);
        await().atMost(Shop.PATIENCE)
                .untilAsserted(() -> assertThat(get("/amends/api/v1/stuck")).contains("\"key\":\"abroad\""));
    }

    @Test
    void messages_of_a_key_are_handled_in_the_order_of_their_commits() {
        List<String> keys = IntStream.range(0, 20).mapToObj(i -> "k" + i).toList();
        for (int round = 0; round < 25; round++) {
            for (String key : keys) {
                Shop.tell(process, "shop.news", key, key + "/" + round);
            }
        }

        await().atMost(Shop.PATIENCE)
                .until(() -> shop.effects("heard").stream()
                                .filter(text -> text.startsWith("k"))
                                .count()
                        == 500);
        for (String key : keys) {
            assertThat(shop.effects("heard").stream().filter(text -> text.startsWith(key + "/")))
                    .containsExactlyElementsOf(IntStream.range(0, 25)
                            .mapToObj(round -> key + "/" + round)
                            .toList());
        }
    }

    @Test
    void health_and_console_answer() throws Exception {
        assertThat(get("/actuator/health")).contains("publishes 4 of the outbox's lanes", "all 7 run");
        assertThat(get("/amends/api/v1/stuck")).contains("sagas");
        assertThat(get("/amends/api/v1/outbox")).contains("lanes");
        assertThat(get("/amends/api/v1/lag")).contains("This application has no Kafka");
    }

    @Test
    void what_a_message_held_that_was_handled_is_not_kept_and_that_is_said() throws Exception {
        Shop.order(process, "looked-at", 5);
        Shop.awaitPhase(process, "looked-at", SagaPhase.COMPLETED);
        String records = shop.jdbc
                .sql("select '/amends/api/v1/sagas/' || h.saga_id || '/records/' || h.message_id from saga_history h"
                        + " join saga_instance i using (saga_id) where i.business_key = 'looked-at' and h.event = 'ReplyReceived'"
                        + " limit 1")
                .query(String.class)
                .single();

        assertThat(get(records)).contains("\"state\":\"NO_KAFKA\"");
    }

    /** An operator's order, for the revision that is there. */
    private static HttpResponse<String> retry(UUID saga, String... headers) throws Exception {
        long revision = shop.jdbc
                .sql("select row_version from saga_instance where saga_id = ?")
                .param(saga)
                .query(Long.class)
                .single();
        HttpRequest.Builder order = request("/amends/api/v1/sagas/%s/retry".formatted(saga))
                .POST(HttpRequest.BodyPublishers.ofString("{\"reason\":\"the strike is over\"}"))
                .header("Content-Type", "application/json")
                .header("If-Match", "\"%d\"".formatted(revision));
        if (headers.length > 0) {
            order.headers(headers);
        }
        return HTTP.send(order.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path) {
        String port = process.getEnvironment().getRequiredProperty("local.server.port");
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private static String get(String path) throws Exception {
        HttpResponse<String> answer = HTTP.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
        return answer.body();
    }
}
