package io.amends.dashboard.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.amends.dashboard.alerts.InDoubtWatch;
import io.amends.dashboard.browser.desk.DeskApplication;
import io.amends.dashboard.stuck.StuckReason;
import io.amends.dashboard.twopc.InDoubtSource;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import io.amends.twopc.TwoPhaseTransactions;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.PlatformTransactionManager;

/** Repairs of messages and of branches of two-phase commit; {@link RepairsTest} runs them, so that both have one application. */
abstract class MessageRepairs extends RepairDesk {

    @Test
    void what_kafka_refused_is_edited_tried_again_or_dropped(Tabs tabs) {
        for (int position = 701; position <= 703; position++) {
            refused(position, "{\"key\":\"P-%d\"}".formatted(position));
        }
        Page page = enter(tabs, "outbox", "ada");
        assertThat(page.locator("[data-k^=discard-]")).hasCount(3);

        page.locator("[data-k=unpark-701]").click();
        give(page, "Unpark", "the topic takes it now");
        assertThat(page.locator("[data-k=unpark-701]")).hasCount(0);
        page.locator("[data-k=discard-702]").click();
        give(page, "Discard", "nobody needs it");
        assertThat(page.locator("[data-k=discard-702]")).hasCount(0);
        page.locator("[data-k=edit-703]").click();
        Locator payload = page.getByLabel("Payload");
        payload.fill(payload.inputValue().replace("P-703", "P-7003"));
        page.getByLabel("Reason").fill("a digit was missing");
        assertThat(page.locator("dialog .diff")).containsText("/key\"P-703\" → \"P-7003\"");
        PagesTest.press(page, "Store it and unpark");
        assertThat(page.locator("[data-k=edit-703]")).hasCount(0);

        page.navigate(desk.url("audit"));
        for (String line : List.of("the topic takes it now", "nobody needs it", "a digit was missing")) {
            assertThat(page.locator("tbody")).containsText(line);
        }
        await().atMost(LONG).until(() -> jdbc.queryForObject("select count(*) from saga_parked", Integer.class) == 0);
    }

    /** A command to the mail service that Kafka refused. */
    private static void refused(int position, String payload) {
        jdbc.update(
                "insert into saga_parked_key (aggregatetype, aggregateid, bucket, blocked_by) values ('saga.mail.commands', ?, 1, ?)",
                "k" + position,
                position);
        jdbc.update(
                "insert into saga_parked (position, id, aggregatetype, aggregateid, type, payload, headers, bucket, xid, created_at,"
                        + " reason_code, reason) values (?, gen_random_uuid(), 'saga.mail.commands', ?, 'tell', ?, '', 1, '5', now(),"
                        + " 'RECORD_TOO_LARGE', 'too large')",
                position,
                "k" + position,
                payload.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_message_that_a_consumer_could_not_handle_is_tried_again_or_discarded(Tabs tabs) throws Exception {
        DeskApplication.CLOSED.put("L-1", "the letter box of L-1 is shut");
        DeskApplication.CLOSED.put("L-2", "nobody lives at L-2");
        try (KafkaProducer<String, String> tool = producer()) {
            for (String letter : List.of("L-1 first", "L-1 second", "L-2 only")) {
                ProducerRecord<String, String> sent =
                        new ProducerRecord<>("desk.letters", letter.substring(0, 3), "{\"to\":\"" + letter + "\"}");
                sent.headers().add("ce_id", UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8));
                tool.send(sent).get(30, TimeUnit.SECONDS);
            }
        }
        await().atMost(LONG)
                .until(() -> jdbc.queryForObject("select count(*) from saga_inbox_parked", Integer.class) == 3);
        Page olga = enter(tabs, "messages", "olga");
        assertThat(parked(olga, "L-1")).containsText("the letter box of L-1 is shut");
        assertThat(olga.locator("[data-k^=retry-], [data-k^=discard-]")).hasCount(0);
        Page page = enter(tabs, "messages", "ada");
        assertThat(parked(page, "L-1").locator("[data-label='Behind it']")).hasText("1");
        parked(page, "L-1").getByText("What it holds").click();
        assertThat(parked(page, "L-1").locator("pre")).containsText("\"to\": \"***\"");

        DeskApplication.CLOSED.remove("L-1");
        parked(page, "L-1").locator("[data-k^=retry-]").click();
        give(page, "Retry", "somebody opened it");
        parked(page, "L-2").locator("[data-k^=discard-]").click();
        give(page, "Discard", "they moved away");

        page.waitForCondition(
                () -> {
                    page.reload();
                    page.waitForSelector("main h1");
                    return page.locator("main").textContent().contains("No consumer has parked a message.");
                },
                new Page.WaitForConditionOptions().setTimeout(PATIENCE));
        assertThat(jdbc.queryForList("select letter from desk_letter", String.class))
                .containsExactly("{\"to\":\"L-1 first\"}", "{\"to\":\"L-1 second\"}");
        page.navigate(desk.url("audit?verb=message-retry"));
        assertThat(page.locator("tbody")).containsText("somebody opened it");
        page.navigate(desk.url("audit?verb=message-discard"));
        assertThat(page.locator("tbody")).containsText("they moved away");
    }

    private static Locator parked(Page page, String key) {
        return page.locator("main tr:has([data-label=Key])").filter(new Locator.FilterOptions().setHasText(key));
    }

    private static KafkaProducer<String, String> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", EmbeddedKafkaBroker.shared().bootstrapServers()),
                new StringSerializer(),
                new StringSerializer());
    }

    @Test
    void a_message_that_nobody_can_read_is_looked_at_and_dropped_by_who_may(Tabs tabs) throws Exception {
        String where;
        try (KafkaProducer<String, String> tool = producer()) {
            RecordMetadata sent = tool.send(
                            new ProducerRecord<>("saga.money-transfer.replies", "nobody", "this is no reply"))
                    .get(30, TimeUnit.SECONDS);
            where = "%s-%d@%d".formatted(sent.topic(), sent.partition(), sent.offset());
        }
        String setAside =
                "select count(*) from saga_inbox_quarantine where topic || '-' || partition_no || '@' || offset_no = ?";
        await().atMost(LONG).until(() -> jdbc.queryForObject(setAside, Integer.class, where) == 1);
        Page olga = enter(tabs, "messages", "olga");
        assertThat(olga.locator("main")).containsText(where);
        assertThat(olga.locator("[data-k^=drop-]")).hasCount(0);
        Page page = enter(tabs, "messages", "ada");
        Locator row = page.locator("main tr").filter(new Locator.FilterOptions().setHasText(where));
        row.getByText("What it holds").click();
        assertThat(row).containsText("16 B");
        assertThat(page.locator("main")).not().containsText("this is no reply");

        page.locator("[data-k='drop-" + where + "']").click();
        give(page, "Drop", "a tool sent it by mistake");

        assertThat(row).hasCount(0);
        assertThat(jdbc.queryForObject(setAside, Integer.class, where)).isZero();
        page.navigate(desk.url("audit?verb=set-aside-discard"));
        assertThat(page.locator("tbody")).containsText("a tool sent it by mistake");
        assertThat(page.locator("tbody")).containsText("saga.money-transfer.replies");
    }

    @Test
    void a_branch_in_doubt_is_shown_with_what_to_do_until_somebody_does_it(Tabs tabs) throws SQLException {
        String name = branch("elsewhere");
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.shared();
        try (Connection connection = DriverManager.getConnection(bank, postgres.username(), postgres.password());
                Statement statement = connection.createStatement()) {
            statement.execute("create table account (balance int)");
            statement.execute("begin");
            statement.execute("insert into account values (10)");
            statement.execute("prepare transaction '" + name + "'");
            Page page = enter(tabs, "in-doubt", "ada");

            assertThat(page.locator("tbody tr")).hasCount(1);
            assertThat(page.locator("tbody")).containsText(name);
            assertThat(page.locator("tbody")).containsText("bank-a");
            assertThat(page.locator("tbody")).containsText("none yet");
            assertThat(page.locator("tbody")).containsText("ROLLBACK PREPARED '" + name + "'");
            PagesTest.expectAccessible(page, "in doubt");
            expectAlerts(name, "GOT_STUCK");
            String ours = branch("here");
            statement.execute("begin");
            statement.execute("insert into account values (11)");
            statement.execute("prepare transaction '" + ours + "'");
            page.locator("[data-verb=settle]").click();
            give(page, "End them", "the coordinator is back");
            assertThat(page.locator("tbody tr")).hasCount(1);
            assertThat(page.locator("tbody")).not().containsText(ours);

            statement.execute("rollback prepared '" + name + "'");
            page.waitForCondition(
                    () -> {
                        page.reload();
                        page.waitForSelector("main h1");
                        return page.locator("main").textContent().contains("Nothing is in doubt.");
                    },
                    new Page.WaitForConditionOptions().setTimeout(PATIENCE));
            expectAlerts(name, "GOT_STUCK", "RECOVERED");
        }
    }

    /** A watch that has no patience: that of the application waits for longer than recovery takes. */
    private static void expectAlerts(String branch, String... events) {
        InDoubtWatch watch = new InDoubtWatch(
                jdbc,
                desk.bean(PlatformTransactionManager.class),
                desk.bean(InDoubtSource.class),
                Duration.ZERO,
                LONG,
                false,
                alert -> assertThat(alert.reason()).isEqualTo(StuckReason.IN_DOUBT_2PC));
        // Tells what is left; the branch is too young to be ended.
        desk.bean(TwoPhaseTransactions.class).recover();
        await().atMost(LONG).untilAsserted(() -> {
            watch.look();
            assertThat(jdbc.queryForList(
                            "select event from saga_console_alert where place = ? order by alert_id",
                            String.class,
                            branch))
                    .containsExactly(events);
        });
    }

    /** The name of a branch of a transaction of that coordinator. */
    private static String branch(String coordinator) {
        return "amends:desk:%s:%s:bank-a"
                .formatted(coordinator, UUID.randomUUID().toString().replace("-", ""));
    }
}
