package io.amends.dashboard.audit;

import static io.amends.dashboard.Office.ANN;
import static io.amends.dashboard.Office.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.dashboard.Office;
import io.amends.dashboard.audit.AuditEntry.Subject;
import io.amends.dashboard.verbs.ConsoleVerb;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Lines that nobody changes, found again and exported. */
class AuditTest {

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
    }

    private long note(Operator by, String verb, UUID run, String reason) {
        AuditLine line = office.transaction()
                .execute(status ->
                        office.log.append(AuditEntry.note(by, verb, "", Subject.run(run, "phase:STUCK"), reason)));
        assertThat(line).isNotNull();
        return line.id();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update saga_console_action set reason = 'another'",
                "delete from saga_console_action",
                "truncate saga_console_action cascade",
                "update saga_console_outcome set state = 'PROGRESSED'",
                "delete from saga_console_outcome",
                "truncate saga_console_outcome",
                "update saga_audit set operator = 'nobody'",
                "delete from saga_audit",
                "truncate saga_audit"
            })
    void not_even_the_owner_of_the_tables_changes_a_line(String statement) {
        note(ANN, "a-verb", UUID.randomUUID(), "why");

        assertThatThrownBy(() -> office.jdbc.execute(statement)).hasMessageContaining("only takes new lines");
    }

    @Test
    void the_application_s_own_role_can_write_lines_and_neither_change_them_nor_switch_that_off() throws SQLException {
        UUID id = office.stuck("role");
        String role = "clerk_" + UUID.randomUUID().toString().replace('-', '_');
        office.jdbc.execute("create role " + role);
        office.jdbc.execute("grant select, insert, update, delete, truncate on all tables in schema public to " + role);
        try (Connection connection = office.depot.pool().getConnection();
                Statement as = connection.createStatement()) {
            as.execute("set role " + role);
            try {
                as.executeUpdate("insert into saga_console_action (actor, verb, arguments, reason, result, saga_id)"
                        + " values ('clerk', 'retry', '', 'why', 'NOTED', '" + id + "')");
                for (String statement : List.of(
                        "update saga_console_action set actor = 'nobody' where actor = 'clerk'",
                        "delete from saga_console_action",
                        "truncate saga_console_action cascade",
                        "insert into saga_console_outcome select action_id, 'PROGRESSED' from saga_console_action"
                                + " on conflict (action_id) do update set state = 'NO_EFFECT'")) {
                    assertThatThrownBy(() -> as.execute(statement))
                            .as(statement)
                            .hasMessageContaining("only takes new lines");
                }
                for (String statement : List.of(
                        "alter table saga_console_action disable trigger all",
                        "drop trigger saga_console_action_append_only on saga_console_action",
                        "set session_replication_role = replica",
                        "drop table saga_console_action cascade")) {
                    assertThatThrownBy(() -> as.execute(statement))
                            .as(statement)
                            .isInstanceOf(SQLException.class);
                }
            } finally {
                as.execute("reset role");
            }
        }
        assertThat(office.lines(id))
                .extracting(line -> line.entry().operator().name())
                .containsExactly("clerk");
    }

    @Test
    void a_line_is_written_in_a_transaction_only() {
        assertThatThrownBy(
                        () -> office.log.append(AuditEntry.note(ANN, "v", "", Subject.saga(UUID.randomUUID()), "why")))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> AuditEntry.note(ANN, "v", "", Subject.saga(UUID.randomUUID()), " "))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void pages_have_what_was_asked_for_and_neither_repeat_nor_leave_out() {
        UUID run = UUID.randomUUID();
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            all.add(0, note(i % 2 == 0 ? ANN : BOB, i < 3 ? "one" : "two", run, "no " + i));
        }
        AuditQuery query = AuditQuery.ALL.run(run);

        List<Long> paged = new ArrayList<>();
        AuditPage page = office.trail.page(query, null, 2);
        while (page.next() != null) {
            page.lines().forEach(line -> paged.add(line.id()));
            page = office.trail.page(query, page.next(), 2);
        }
        page.lines().forEach(line -> paged.add(line.id()));

        assertThat(paged).isEqualTo(all);
        assertThat(office.trail.page(query.by("bob"), null, 100).lines()).hasSize(3);
        assertThat(office.trail.page(query.by("bob").of("one"), null, 100).lines())
                .extracting(line -> line.entry().reason())
                .containsExactly("no 1");
        Instant now = Instant.now().plusSeconds(60);
        assertThat(office.trail.page(query.between(null, now), null, 100).lines())
                .hasSize(7);
        assertThat(office.trail.page(query.between(now, null), null, 100).lines())
                .isEmpty();
        assertThatThrownBy(() -> office.trail.page(query, null, 1001)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void it_is_exported_as_csv_that_no_spreadsheet_runs() {
        UUID run = UUID.randomUUID();
        note(new Operator("=cmd|' /C calc'!A0", null), "one", run, "said \"no\",\nthen yes");
        note(BOB, "two", run, "-1+1");
        StringBuilder csv = new StringBuilder();

        new AuditExport(office.trail).csv(AuditQuery.ALL.run(run), csv);

        String[] rows = csv.toString().split("\r\n", -1);
        assertThat(rows[0]).startsWith("id,at,actor,ip,verb,").endsWith(",state,settled_at");
        assertThat(rows[1]).contains(",bob,,two,").contains(",'-1+1,");
        assertThat(rows[2]).contains(",'=cmd|' /C calc'!A0,").contains("\"said \"\"no\"\",\nthen yes\"");
        assertThat(rows[3])
                .startsWith("end,2,")
                .hasSize("end,2".length() + rows[0].replaceAll("[^,]", "").length() - 1);
        assertThat(rows).hasSize(5);
        assertThat(rows[4]).isEmpty();
    }

    @Test
    void it_is_exported_as_json_an_object_a_line() {
        UUID id = office.stuck("json");
        long seen = office.revision(id);
        office.verbs.carryOut(office.order(id, new ConsoleVerb.Pause(null)));
        StringBuilder json = new StringBuilder();

        new AuditExport(office.trail).jsonLines(AuditQuery.ALL.saga(id), json);

        List<String> lines = json.toString().lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(1)).isEqualTo("{\"end\":true,\"lines\":1}");
        JsonNode line = JsonMapper.builder().build().readTree(lines.get(0));
        assertThat(line.get("actor").asString()).isEqualTo("ann");
        assertThat(line.get("ip").asString()).isEqualTo("192.0.2.7");
        assertThat(line.get("verb").asString()).isEqualTo("pause");
        assertThat(line.get("saga_id").asString()).isEqualTo(id.toString());
        assertThat(line.get("seen_revision").asLong()).isEqualTo(seen);
        assertThat(line.get("state").asString()).isEqualTo("PROGRESSED");
        assertThat(line.has("run_id")).isFalse();
    }

    @Test
    void the_export_goes_on_behind_a_page() {
        UUID run = UUID.randomUUID();
        office.jdbc.update("""
                insert into saga_console_action (actor, verb, arguments, reason, result, run_id)
                select 'ann', 'v', '', 'no ' || n, 'NOTED', ? from generate_series(1, 2500) n""", run);
        StringBuilder json = new StringBuilder();

        new AuditExport(office.trail).jsonLines(AuditQuery.ALL.run(run), json);

        assertThat(json.toString().lines()).hasSize(2501).doesNotHaveDuplicates();
        assertThat(json.toString()).endsWith("{\"end\":true,\"lines\":2500}\n");
    }
}
