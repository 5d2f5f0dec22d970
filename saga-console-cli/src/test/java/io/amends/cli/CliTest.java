package io.amends.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What an operator does from a terminal, at a real application. */
class CliTest extends AtTheBakery {

    @Test
    void what_is_stuck_is_found_shown_and_repaired() {
        assertThat(run("stuck", "--check")).isEqualTo(ExitCode.OK);
        assertThat(said()).isEqualTo("Nothing is stuck.\n");
        String id = stuck("rye").toString();

        assertThat(run("stuck", "--check")).isEqualTo(ExitCode.STUCK);
        assertThat(said()).contains("RETRIES_EXHAUSTED", "loaf v1", "rye", "bake", id);
        assertThat(run("search", "saga:loaf", "key:rye")).isEqualTo(ExitCode.OK);
        assertThat(said()).contains("STUCK", id);
        assertThat(run("show", id, "--history")).isEqualTo(ExitCode.OK);
        assertThat(said())
                .contains(
                        "loaf v1  rye",
                        "Stuck     RETRIES_EXHAUSTED (HIGH)",
                        "To do     Mend what",
                        "oven",
                        "Possible");

        assertThat(run("retry", id, "--reason", "it may be warm", "--wait", "30s"))
                .isEqualTo(ExitCode.NO_PROGRESS);
        assertThat(said()).startsWith("FAILED_AGAIN, line ");
        BakeryApplication.BROKEN.set(false);
        assertThat(run("retry", id, "--reason", "the oven is warm", "--wait", "30s"))
                .isEqualTo(ExitCode.OK);
        assertThat(said()).startsWith("PROGRESSED, line ");
        assertThat(phase(UUID.fromString(id))).isEqualTo("COMPLETED");
        assertThat(jdbc.queryForObject(
                        "select count(*) from saga_console_action where actor = 'ann' and reason = 'the oven is warm'",
                        Long.class))
                .isEqualTo(1);
    }

    @Test
    void scripts_read_what_the_api_answers() {
        String id = stuck("spelt").toString();

        assertThat(run("stuck", "--json")).isEqualTo(ExitCode.OK);
        assertThat(json().get(0).get("sagaId").asString()).isEqualTo(id);
        assertThat(run("show", id, "--json")).isEqualTo(ExitCode.OK);
        assertThat(json().get("verdict").get("reason").asString()).isEqualTo("RETRIES_EXHAUSTED");
        assertThat(run("pause", id, "--reason", "lunch", "--json", "--key", "once-" + id))
                .isEqualTo(ExitCode.OK);
        assertThat(json().get("state").asString()).isEqualTo("PROGRESSED");
        assertThat(run("pause", id, "--reason", "lunch", "--json", "--key", "once-" + id))
                .isEqualTo(ExitCode.OK);
        assertThat(json().get("repeated").asBoolean()).isTrue();
        assertThat(run("runs", "--json")).isEqualTo(ExitCode.OK);
        assertThat(json().isArray()).isTrue();
        assertThat(run("in-doubt", "--json")).isEqualTo(ExitCode.OK);
        assertThat(json().get("present").asBoolean()).isFalse();
    }

    @Test
    void who_may_not_is_told_so() {
        String id = stuck("oat").toString();
        environment.put("AMENDS_PASSWORD", "wrong");
        assertThat(run("stuck")).isEqualTo(ExitCode.DENIED);
        assertThat(complained()).contains("NOT_LOGGED_IN");

        environment.put("AMENDS_USER", "eve");
        environment.put("AMENDS_PASSWORD", "eve's");
        assertThat(run("stuck")).isEqualTo(ExitCode.OK);
        assertThat(run("retry", id, "--reason", "I want to")).isEqualTo(ExitCode.DENIED);
        assertThat(run("me")).isEqualTo(ExitCode.OK);
        assertThat(said()).startsWith("eve at bakery: ");
    }

    @Test
    void what_is_refused_says_why() {
        String id = stuck("wheat").toString();

        assertThat(run("show", UUID.randomUUID().toString())).isEqualTo(ExitCode.REFUSED);
        assertThat(complained()).contains("There is no saga");
        assertThat(run("show", id, "--json")).isEqualTo(ExitCode.OK);
        String seen = json().get("revision").asString();
        assertThat(run("pause", id, "--reason", "lunch")).isEqualTo(ExitCode.OK);
        assertThat(run("retry", id, "--reason", "old news", "--revision", seen)).isEqualTo(ExitCode.REFUSED);
        assertThat(complained()).contains("CHANGED_SINCE");
        assertThat(run("resolve", id, "--as", "COMPLETED", "--reason", "baked next door"))
                .isEqualTo(ExitCode.NEEDS_APPROVAL);
        assertThat(said()).startsWith("A second person has to approve it");
        assertThat(run("migrate", id, "--version", "9", "--reason", "version 1 goes"))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(complained()).contains("This process does not have version 9 of 'loaf'");
        assertThat(run("search", "phase:SOMEWHERE")).isEqualTo(ExitCode.USAGE);
        assertThat(complained()).contains("BAD_FILTER");
    }

    @Test
    void a_second_person_finds_a_request_sees_what_it_would_do_and_approves() {
        String id = stuck("sourdough").toString();
        String request = asked(id, "baked next door");
        assertThat(run("approve", request)).isEqualTo(ExitCode.REFUSED);
        assertThat(complained()).contains("ann");
        assertThat(phase(UUID.fromString(id))).isEqualTo("STUCK");

        as("bob");
        assertThat(run("approvals")).isEqualTo(ExitCode.OK);
        assertThat(said().lines())
                .anySatisfy(line -> assertThat(line).contains("resolve", "ann", "baked next door", id, request));
        assertThat(run("approvals", request)).isEqualTo(ExitCode.OK);
        assertThat(said())
                .contains("resolve of saga " + id + ", asked by ann: baked next door", "OPEN, can be", "It would: ");
        assertThat(run("approve", request, "--wait", "30s")).isEqualTo(ExitCode.OK);

        assertThat(said()).startsWith("PROGRESSED, line ");
        assertThat(phase(UUID.fromString(id))).isEqualTo("COMPLETED");
        assertThat(run("approvals", request)).isEqualTo(ExitCode.OK);
        assertThat(said().lines()).contains("APPROVED by bob");
        assertThat(said()).doesNotContain("can be approved", "It would");
        assertThat(run("approve", request)).isEqualTo(ExitCode.REFUSED);
        assertThat(run("approvals", "--json")).isEqualTo(ExitCode.OK);
        assertThat(json().toString()).doesNotContain(request);
    }

    @Test
    void a_request_is_declined_by_others_and_taken_back_by_who_asked() {
        String id = stuck("crispbread").toString();
        String first = asked(id, "baked next door");
        assertThat(run("decline", first)).isEqualTo(ExitCode.USAGE);
        assertThat(complained()).contains("'decline' needs --reason");
        as("eve");
        assertThat(run("decline", first, "--reason", "no")).isEqualTo(ExitCode.DENIED);
        as("bob");
        assertThat(run("withdraw", first, "--reason", "not mine")).isEqualTo(ExitCode.REFUSED);
        assertThat(run("decline", first, "--reason", "ask the baker")).isEqualTo(ExitCode.OK);
        assertThat(said()).isEqualTo("DECLINED: nothing is done.\n");
        as("ann");
        String second = asked(id, "the baker says so");
        assertThat(run("withdraw", second, "--reason", "he was wrong")).isEqualTo(ExitCode.OK);
        assertThat(said()).isEqualTo("WITHDRAWN: nothing is done.\n");
        assertThat(run("approvals", first)).isEqualTo(ExitCode.OK);
        assertThat(said().lines()).contains("DECLINED by bob");
        assertThat(run("approvals", second)).isEqualTo(ExitCode.OK);
        assertThat(said()).contains("\nWITHDRAWN").doesNotContain("can be approved");
        String third = asked(id, "he says so again");
        jdbc.update(
                "update saga_console_request set expires_at = clock_timestamp() - interval '1 minute' where request_id = ?::uuid",
                third);
        assertThat(run("approvals", third)).isEqualTo(ExitCode.OK);
        assertThat(said()).contains("EXPIRED: nobody approved it until ").doesNotContain("can be approved");

        assertThat(phase(UUID.fromString(id))).isEqualTo("STUCK");
        assertThat(run("approvals")).isEqualTo(ExitCode.OK);
        assertThat(said()).doesNotContain(first, second);
    }

    /** The id of a request to end that saga by hand. */
    private String asked(String id, String reason) {
        assertThat(run("resolve", id, "--as", "COMPLETED", "--reason", reason)).isEqualTo(ExitCode.NEEDS_APPROVAL);
        return said().strip().replaceAll(".* request ", "");
    }

    @Test
    void what_can_not_be_understood_is_not_sent() {
        environment.put("AMENDS_URL", "http://127.0.0.1:9");

        assertThat(run("stuck", "--colour", "red")).isEqualTo(ExitCode.USAGE);
        assertThat(run("repair")).isEqualTo(ExitCode.USAGE);
        assertThat(run("retry", "rye", "--reason", "x")).isEqualTo(ExitCode.USAGE);
        assertThat(run("retry", UUID.randomUUID().toString())).isEqualTo(ExitCode.USAGE);
        assertThat(complained()).contains("'retry' needs --reason");
        assertThat(run("migrate", UUID.randomUUID().toString(), "--version", "two", "--reason", "x"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(complained()).contains("--version is a number such as 2, not 'two'");
        assertThat(run("stuck", "--size")).isEqualTo(ExitCode.USAGE);
        assertThat(run()).isEqualTo(ExitCode.USAGE);
        assertThat(run("help")).isEqualTo(ExitCode.OK);
        assertThat(said()).contains("Usage:");
        environment.remove("AMENDS_PASSWORD");
        assertThat(run("stuck")).isEqualTo(ExitCode.USAGE);
        assertThat(complained()).contains("AMENDS_PASSWORD");
    }

    @Test
    void an_application_that_is_not_there_is_told_from_one_that_refuses() {
        environment.put("AMENDS_URL", "http://127.0.0.1:9/amends");

        assertThat(run("stuck")).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(complained()).doesNotContain("--key");
        assertThat(run("retry", UUID.randomUUID().toString(), "--reason", "x", "--revision", "1"))
                .isEqualTo(ExitCode.UNREACHABLE);
        assertThat(complained()).contains("give it again with --key");
        assertThat(complained()).contains("can't be reached");
    }

    @Test
    void what_was_stored_moves_no_cursor() {
        Table table = new Table("KEY");
        table.add("red\u001b[31m\r\nfake line\u202etxt");

        table.print(new PrintStream(out, true, StandardCharsets.UTF_8));

        assertThat(said().lines()).hasSize(2);
        assertThat(said()).doesNotContain("\u001b", "\r", "\u202e");
    }
}
