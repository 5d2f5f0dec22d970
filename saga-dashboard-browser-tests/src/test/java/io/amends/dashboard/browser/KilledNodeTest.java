package io.amends.dashboard.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import io.amends.dashboard.browser.desk.DeskApplication;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.JdbcTemplate;

/** Two JVMs of one application: the one that carries a run out is killed with SIGKILL, and the other one goes on. */
@ExtendWith(InBrowser.class)
class KilledNodeTest {

    private static final int SAGAS = 24;
    private static final int A_THIRD = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final List<String> KEYS =
            IntStream.range(0, SAGAS).mapToObj(i -> "B-" + i).toList();

    private static String database;
    private static Desk survivor;
    private static JdbcTemplate jdbc;

    @BeforeAll
    static void start() {
        database = EmbeddedPostgresServer.shared().freshDatabase();
        survivor = Desk.start(database);
        jdbc = new JdbcTemplate(survivor.bean(DataSource.class));
    }

    @AfterAll
    static void stop() {
        survivor.close();
        DeskApplication.CLOSED.clear();
    }

    @Test
    void a_run_over_many_goes_on_in_another_process_when_its_own_is_killed(Tabs tabs) throws Exception {
        DeskApplication.CLOSED.put("*", "closed for many");
        KEYS.forEach(key -> survivor.transfer(key, "salary"));
        await().atMost(PATIENCE)
                .until(() -> number("select count(*) from saga_instance where phase = 'STUCK'") == SAGAS);
        DeskApplication.CLOSED.clear();
        // So that it is the other one that takes the run.
        survivor.leaveRuns();
        // Kafka misses it soon, too.
        try (DeskProcess victim =
                DeskProcess.start(database, "--spring.kafka.consumer.properties.session.timeout.ms=6000")) {
            Page before = tabs.open(victim.origin());
            Desk.enter(before, victim.origin(), "sagas?q=attr.purpose:salary%20phase:STUCK", "olga");
            begin(before);
            before.waitForCondition(() -> ordered(before) >= A_THIRD, patient());
            survivor.takeRuns();
            assertThat(jdbc.queryForObject("select owner from saga_bulk_run where state = 'RUNNING'", String.class))
                    .isNotNull()
                    .isNotEqualTo(survivor.name());

            assertThat(victim.kill()).as("killed by signal 9").isEqualTo(128 + 9);

            long left = number("select count(*) from saga_bulk_item where state = 'OPEN'");
            assertThat(left).as("not ordered when it was killed").isPositive();
            Page after = tabs.open(survivor.origin());
            survivor.enter(after, before.url().substring(before.url().indexOf("runs/")), "olga");
            assertThat(after.locator(".head .badge"))
                    .hasText("done", new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE.toMillis()));
            assertThat(after.locator("[data-tally]")).containsText("24 of 24 sagas ordered: 24 progressed");
            assertThat(after.locator("tbody tr")).hasCount(SAGAS);
            assertThat(after.locator("tbody .badge").getByText("Progressed")).hasCount(SAGAS);
        }
        expectOneEffectForEach();
    }

    private static void begin(Page page) {
        page.getByText("Order for many …").click();
        page.getByLabel("Reason").fill("the bank is open again");
        page.getByText("How fast, and when it stops").click();
        page.getByLabel("Stages").fill("1, 5");
        page.getByLabel("At most in a second").fill("4");
        button(page, "Preview").click();
        assertThat(page.locator("main")).containsText("It would take 24 sagas");
        assertThat(page.locator("main")).containsText("24 done");
        button(page, "Plan it").click();
        assertThat(page.locator("h1")).hasText("Run: Retry");
        page.locator("[data-verb=start]").click();
        PagesTest.press(page, "Start");
    }

    /** By the books of the bank, by what the sagas did, and by the audit. */
    private static void expectOneEffectForEach() {
        assertThat(jdbc.queryForList("select transfer from desk_credit", String.class))
                .containsExactlyInAnyOrderElementsOf(KEYS);
        assertThat(jdbc.queryForList("select business_key from saga_instance where phase = 'COMPLETED'", String.class))
                .containsExactlyInAnyOrderElementsOf(KEYS);
        assertThat(jdbc.queryForList("""
                        select i.business_key
                          from saga_console_action a join saga_instance i using (saga_id)
                          join saga_console_outcome o using (action_id)
                          join saga_bulk_item b on b.run_id = a.run_id and b.saga_id = a.saga_id and b.action_id = a.action_id
                         where a.verb = 'retry' and a.result = 'DONE' and a.actor = 'olga' and o.state = 'PROGRESSED'
                           and b.state = 'PROGRESSED'""", String.class)).containsExactlyInAnyOrderElementsOf(KEYS);
        assertThat(number("select count(*) from saga_console_action where saga_id is not null"))
                .as("orders to a saga, of whatever kind")
                .isEqualTo(SAGAS);
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static int ordered(Page page) {
        String text = page.locator("[data-tally] b").textContent();
        return Integer.parseInt(text.substring(0, text.indexOf(' ')));
    }

    private static Page.WaitForConditionOptions patient() {
        return new Page.WaitForConditionOptions().setTimeout(PATIENCE.toMillis());
    }

    private static long number(String sql) {
        Long number = jdbc.queryForObject(sql, Long.class);
        return number == null ? 0 : number;
    }
}
