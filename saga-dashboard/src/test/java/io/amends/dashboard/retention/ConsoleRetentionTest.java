package io.amends.dashboard.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.dashboard.Office;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** What of the console's own tables is removed, by whom, and what is not. */
class ConsoleRetentionTest {

    private static final Duration YEAR = Duration.ofDays(365);
    private static final Duration QUARTER = Duration.ofDays(90);

    private static Office office;

    @BeforeAll
    static void open() {
        office = new Office();
    }

    @AfterAll
    static void close() {
        office.close();
    }

    @BeforeEach
    void clear() {
        office.clear();
        // Only a test's superuser does that.
        office.jdbc.execute("""
                set session_replication_role = replica;
                truncate saga_console_action, saga_console_outcome, saga_console_request, saga_console_alert,
                         saga_console_delivery, saga_console_unsettled cascade;
                set session_replication_role = default""");
    }

    private static ConsoleRetention retention(Duration audit, Duration rest) {
        return new ConsoleRetention(office.jdbc, office.transactions, new RetentionSettings(audit, rest));
    }

    private static long line(String reason, String ago) {
        return office.number("""
                with line as (
                  insert into saga_console_action (at, actor, verb, arguments, reason, result)
                  values (clock_timestamp() - ?::interval, 'ann', 'retry', '', ?, 'DONE') returning action_id),
                outcome as (
                  insert into saga_console_outcome (action_id, state) select action_id, 'PROGRESSED' from line)
                select action_id from line""", ago, reason);
    }

    private static List<String> reasons() {
        return office.jdbc.queryForList(
                "select reason from saga_console_action where actor <> 'saga-console' order by action_id",
                String.class);
    }

    @Test
    void old_lines_of_the_audit_go_with_their_outcomes_and_a_line_says_so() {
        long old = line("old", "400 days");
        line("older", "500 days");
        line("young", "300 days");
        office.jdbc.update("""
                insert into saga_console_request (request_id, verb, arguments, saga_id, seen_revision, asked_by, reason, expires_at,
                                                  state, decided_by, decided_at, action_id)
                values (?, 'skip', '', ?, 1, 'ann', 'why', clock_timestamp() - interval '400 days', 'APPROVED', 'bob',
                        clock_timestamp() - interval '400 days', ?)""", UUID.randomUUID(), UUID.randomUUID(), old);

        assertThat(retention(YEAR, null).removeSome()).isFalse();

        assertThat(reasons()).containsExactly("young");
        assertThat(office.number("select count(*) from saga_console_outcome")).isEqualTo(1);
        assertThat(office.number("select count(*) from saga_console_request")).isZero();
        assertThat(office.row("select * from saga_console_action where actor = 'saga-console'"))
                .containsEntry("verb", "forget-audit")
                .containsEntry("result", "NOTED")
                .extractingByKey("explanation")
                .asString()
                .startsWith("2 lines from ");
        retention(YEAR, null).removeSome();
        assertThat(office.number("select count(*) from saga_console_action where actor = 'saga-console'"))
                .as("nothing to remove is nothing to say")
                .isEqualTo(1);
    }

    @Test
    void very_many_go_in_several_calls_of_limited_size() {
        office.jdbc.update("""
                insert into saga_console_action (at, actor, verb, arguments, reason, result)
                select clock_timestamp() - interval '2 years', 'ann', 'v', '', 'many', 'NOTED' from generate_series(1, ?)""", ConsoleRetention.MOST + 10);
        ConsoleRetention retention = retention(YEAR, null);

        assertThat(retention.removeSome()).isTrue();
        assertThat(reasons()).hasSize(10);
        assertThat(retention.removeSome()).isFalse();
        assertThat(reasons()).isEmpty();
    }

    @Test
    void a_line_whose_outcome_is_still_open_stays() {
        long open = line("open", "400 days");
        office.jdbc.update("insert into saga_console_unsettled (action_id) values (?)", open);

        retention(YEAR, null).removeSome();

        assertThat(reasons()).containsExactly("open");
    }

    @Test
    void nothing_of_the_last_thirty_days_goes_whoever_asks() {
        line("young", "29 days");

        assertThatThrownBy(() -> new RetentionSettings(Duration.ofDays(29), null))
                .isInstanceOf(IllegalArgumentException.class);
        for (String call :
                List.of("interval '29 days', 100", "null, 100", "interval '-1 day', 100", "interval '40 days', null")) {
            assertThatThrownBy(() -> office.jdbc.execute("select saga_console_forget(%s)".formatted(call)))
                    .as(call)
                    .hasMessageMatching("(?s).*(stay for at least 30 days|removes 1 to 10000 lines).*");
        }
        // Longer than 30 days where a month counts as 30, and in the future by the calendar.
        office.jdbc.execute("select saga_console_forget(interval '-119 months 3601 days', 100)");
        assertThat(reasons()).containsExactly("young");
    }

    @Test
    void the_owner_s_own_statements_are_refused_as_before() {
        line("old", "400 days");
        retention(YEAR, null).removeSome();
        line("next", "400 days");

        for (String statement : List.of(
                "delete from saga_console_action",
                "update saga_console_action set reason = 'x'",
                "truncate saga_console_outcome",
                "delete from saga_audit")) {
            assertThatThrownBy(() -> office.jdbc.execute(statement))
                    .as(statement)
                    .hasMessageContaining("only takes new lines");
        }
    }

    @Test
    void the_application_s_role_can_neither_go_around_the_function_nor_call_it_unless_it_was_granted()
            throws SQLException {
        line("old", "400 days");
        String role = "clerk_" + UUID.randomUUID().toString().replace('-', '_');
        office.jdbc.execute("create role " + role);
        office.jdbc.execute("grant select, insert, update, delete, truncate on all tables in schema public to " + role);
        try (Connection connection = office.depot.pool().getConnection();
                Statement as = connection.createStatement()) {
            as.execute("set role " + role);
            try {
                SingleConnectionDataSource source = new SingleConnectionDataSource(connection, true);
                ConsoleRetention retention = new ConsoleRetention(
                        new JdbcTemplate(source),
                        new JdbcTransactionManager(source),
                        new RetentionSettings(YEAR, null));
                connection.setAutoCommit(false);
                assertThatThrownBy(() -> as.execute("""
                        select set_config('saga_console.forgets', pg_current_xact_id()::text, true);
                        delete from saga_console_outcome;
                        delete from saga_console_action""")).hasMessageContaining("only takes new lines");
                connection.rollback();
                // Nor by a catalog of its own, in which it is the owner.
                assertThatThrownBy(() -> as.execute("""
                        create temporary table pg_class on commit drop as
                          select c.oid, r.oid as relowner from pg_catalog.pg_class c, pg_catalog.pg_roles r
                           where c.relname in ('saga_console_action', 'saga_console_outcome') and r.rolname = current_user;
                        select set_config('saga_console.forgets', pg_current_xact_id()::text, true);
                        delete from saga_console_outcome;
                        delete from saga_console_action""")).hasMessageContaining("only takes new lines");
                connection.rollback();
                connection.setAutoCommit(true);

                assertThat(retention.removeSome()).isFalse();
                assertThat(reasons()).containsExactly("old");

                as.execute("reset role");
                as.execute("grant execute on function saga_console_forget(interval, integer) to " + role);
                as.execute("set role " + role);
                // Tables of its own do not come before the real ones.
                as.execute("create temporary table saga_console_action (action_id bigint, at timestamptz)");
                retention.removeSome();
                assertThat(reasons()).isEmpty();
                as.execute("drop table pg_temp.saga_console_action");
            } finally {
                as.execute("reset role");
            }
        }
    }

    @Test
    void ended_runs_requests_and_alerts_go_and_what_is_open_stays() {
        UUID done = run("DONE", "100 days");
        UUID young = run("DONE", "10 days");
        UUID running = run("RUNNING", "100 days");
        UUID planned = run("PREVIEW", "100 days");
        for (UUID each : List.of(done, young, running)) {
            office.jdbc.update(
                    "insert into saga_bulk_item (run_id, saga_id, position, seen_revision) select ?, gen_random_uuid(), n, 1 from generate_series(1, 3) n",
                    each);
        }
        request("OPEN", "100 days", "91 days");
        request("OPEN", "100 days", "-1 days");
        alert("100 days", "DELIVERED");
        alert("100 days", "OPEN");
        alert("10 days", "DELIVERED");

        retention(null, QUARTER).removeSome();

        assertThat(office.jdbc.queryForList("select run_id from saga_bulk_run", UUID.class))
                .containsExactlyInAnyOrder(young, running)
                .doesNotContain(planned);
        assertThat(office.number("select count(*) from saga_bulk_item")).isEqualTo(6);
        assertThat(office.number("select count(*) from saga_console_request")).isEqualTo(1);
        assertThat(office.jdbc.queryForList(
                        "select business_key from saga_console_alert order by alert_id", String.class))
                .containsExactly("100 days OPEN", "10 days DELIVERED");
        assertThat(office.jdbc.queryForList("select state from saga_console_delivery", String.class))
                .containsExactlyInAnyOrder("OPEN", "DELIVERED");
    }

    @Test
    void without_a_time_everything_stays() {
        line("old", "4000 days");
        run("DONE", "4000 days");

        assertThat(retention(null, null).removeSome()).isFalse();

        assertThat(reasons()).containsExactly("old");
        assertThat(office.row("select count(*) as runs from saga_bulk_run")).isEqualTo(Map.of("runs", 1L));
    }

    private static UUID run(String state, String ago) {
        UUID id = UUID.randomUUID();
        office.jdbc.update("""
                insert into saga_bulk_run (run_id, verb, arguments, filter, asked_by, reason, state, ramp, per_second, stop_ratio, most,
                                           patience_ms, created_at, ended_at)
                values (?, 'retry', '', 'phase:STUCK', 'ann', 'why', ?, '{1}', 1, 0, 10, 1000, clock_timestamp() - ?::interval,
                        case when ? = 'DONE' then clock_timestamp() - ?::interval end)""", id, state, ago, state, ago);
        return id;
    }

    private static void request(String state, String asked, String expired) {
        office.jdbc.update("""
                insert into saga_console_request (request_id, verb, arguments, saga_id, seen_revision, asked_by, reason, asked_at,
                                                  expires_at, state)
                values (gen_random_uuid(), 'skip', '', gen_random_uuid(), 1, 'ann', 'why', clock_timestamp() - ?::interval,
                        clock_timestamp() - ?::interval, ?)""", asked, expired, state);
    }

    private static void alert(String ago, String delivery) {
        office.jdbc.update("""
                with alert as (
                  insert into saga_console_alert (event, saga_id, saga_name, saga_version, business_key, reason, since, noticed_at)
                  values ('GOT_STUCK', gen_random_uuid(), 's', 1, ? || ' ' || ?, 'HOT_RETRY', clock_timestamp(),
                          clock_timestamp() - ?::interval)
                  returning alert_id)
                insert into saga_console_delivery (first_alert, last_alert, state, created_at)
                select alert_id, alert_id, ?, clock_timestamp() - ?::interval from alert""", ago, delivery, ago, delivery, ago);
    }
}
