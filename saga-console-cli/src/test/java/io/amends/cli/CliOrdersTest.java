package io.amends.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does from a terminal beside the verbs of one saga, at a real application. */
class CliOrdersTest extends AtTheBakery {

    @Test
    void a_run_over_many_sagas_is_looked_at_planned_started_and_followed() {
        String rye = stuck("bulk-rye").toString();
        String oat = stuck("bulk-oat").toString();
        assertThat(run("preview-run", "retry", "saga:loaf", "phase:STUCK")).isEqualTo(ExitCode.OK);
        assertThat(said())
                .startsWith("It would take 2 sagas.")
                .contains(rye, oat)
                .containsPattern("dryRun.counts.DONE +2\n");
        String run = planned();
        assertThat(said()).contains("nothing is done yet");
        assertThat(phase(UUID.fromString(rye))).isEqualTo("STUCK");
        BakeryApplication.BROKEN.set(false);

        assertThat(run("start-run", run)).isEqualTo(ExitCode.OK);

        assertThat(said()).contains("retry of", "is RUNNING, with 2 items");
        await().atMost(PATIENCE).until(() -> {
            run("runs", run);
            return said().contains("DONE");
        });
        assertThat(run("run-items", run, "--state", "PROGRESSED")).isEqualTo(ExitCode.OK);
        assertThat(said()).contains(rye, oat);
        assertThat(run("run-items", run, "--size", "1")).isEqualTo(ExitCode.OK);
        assertThat(complained()).contains("There are more: go on with --after ");
        assertThat(run("start-run", run)).isEqualTo(ExitCode.REFUSED);
        assertThat(run("audit", "--run", run, "--verb", "start-run")).isEqualTo(ExitCode.OK);
        assertThat(said()).contains("ann", "start-run", "the ovens are warm");
    }

    @Test
    void a_run_is_held_let_go_on_and_ended() {
        stuck("held");
        String run = planned();
        // Another process is at it, so that nothing goes on meanwhile.
        jdbc.update(
                "update saga_bulk_run set state = 'RUNNING', owner = 'another', lease_until = 'infinity' where run_id = ?::uuid",
                run);

        assertThat(run("pause-run", run, "--reason", "lunch", "--key", "held-" + run))
                .isEqualTo(ExitCode.OK);
        assertThat(said()).contains("is PAUSED");
        assertThat(run("pause-run", run, "--reason", "lunch", "--key", "held-" + run))
                .as("under the same key it is paused once")
                .isEqualTo(ExitCode.OK);
        assertThat(run("resume-run", run, "--stop-ratio", "0.5", "--reason", "go on"))
                .isEqualTo(ExitCode.OK);
        assertThat(said()).contains("is RUNNING");
        assertThat(run("cancel-run", run, "--reason", "enough", "--json")).isEqualTo(ExitCode.OK);
        assertThat(json().get("state").asString()).isEqualTo("CANCELLED");
        assertThat(run("runs")).isEqualTo(ExitCode.OK);
        assertThat(said()).contains(run);
        as("eve");
        assertThat(run("plan-run", "retry", "phase:STUCK", "--reason", "r")).isEqualTo(ExitCode.DENIED);
    }

    private String planned() {
        assertThat(run(
                        "plan-run",
                        "retry",
                        "saga:loaf",
                        "phase:STUCK",
                        "--ramp",
                        "1,2",
                        "--per-second",
                        "50",
                        "--stop-ratio",
                        "0.9",
                        "--reason",
                        "the ovens are warm"))
                .isEqualTo(ExitCode.OK);
        return said().strip().replaceAll(".* start-run ", "");
    }

    @Test
    void what_is_known_of_a_failure_is_written_down_and_the_rest_stays() {
        stuck("note");
        assertThat(run("groups", "saga:loaf", "--json")).isEqualTo(ExitCode.OK);
        String group = json().get("groups").get(0).get("id").asString();

        assertThat(run("group-note", group, "--owner", "bob", "--note", "the oven's fuse", "--reason", "seen it"))
                .isEqualTo(ExitCode.OK);
        for (int i = 0; i < 2; i++) {
            assertThat(run(
                            "group-note",
                            group,
                            "--note",
                            "a new fuse comes at noon",
                            "--reason",
                            "ordered one",
                            "--key",
                            "fuse " + group))
                    .isEqualTo(ExitCode.OK);
            assertThat(said()).contains("revision 2.");
        }
        assertThat(run("groups")).isEqualTo(ExitCode.OK);
        assertThat(said()).contains("bob", "a new fuse comes at noon", group).doesNotContain("the oven's fuse");
        assertThat(run("group-note", group, "--owner", "", "--reason", "bob is ill"))
                .isEqualTo(ExitCode.OK);
        assertThat(run("groups")).isEqualTo(ExitCode.OK);
        assertThat(said()).contains("a new fuse comes at noon").doesNotContain("bob");
        assertThat(run("group-note", group, "--owner", "eve", "--revision", "1", "--reason", "old news"))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(complained()).contains("CHANGED_SINCE");
        assertThat(run("group-note", "0123456789abcdef", "--note", "n", "--reason", "r"))
                .isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void a_search_is_kept_under_a_name_changed_and_deleted() {
        assertThat(run("save-view", "--name", "cold ovens", "--filter", "saga:loaf phase:STUCK"))
                .isEqualTo(ExitCode.OK);
        String view = said().replaceFirst("View (\\S+): cold ovens, revision 1\\.\n", "$1");
        assertThat(run("save-view", "--name", "all of them", "--filter", "saga:loaf", "--shared"))
                .as("what all see needs a reason")
                .isEqualTo(ExitCode.USAGE);

        assertThat(run("change-view", view, "--name", "warm ovens")).isEqualTo(ExitCode.OK);
        assertThat(run("views")).isEqualTo(ExitCode.OK);
        assertThat(said().lines())
                .anySatisfy(line -> assertThat(line).contains("warm ovens", "saga:loaf phase:STUCK", view));
        assertThat(run("delete-view", view, "--revision", "1")).isEqualTo(ExitCode.REFUSED);
        assertThat(run("delete-view", view)).isEqualTo(ExitCode.OK);
        assertThat(run("views")).isEqualTo(ExitCode.OK);
        assertThat(said()).doesNotContain(view);
    }

    @Test
    void data_is_edited_in_a_file_and_looked_at_before(@TempDir Path directory) throws IOException {
        String id = stuck("edited").toString();
        assertThat(run("show", id, "--json")).isEqualTo(ExitCode.OK);
        String revision = json().get("revision").asString();
        assertThat(run("data", id)).isEqualTo(ExitCode.OK);
        assertThat(said()).contains("edited");
        assertThat(complained()).isEqualTo("masked  true\n");
        Path file = directory.resolve("data.json");
        Files.writeString(file, said().replace("edited", "wholemeal"));

        assertThat(run("edit-and-retry", id, "--data", file.toString(), "--dry-run"))
                .isEqualTo(ExitCode.OK);
        assertThat(said()).startsWith("It would: ").contains("wholemeal");
        assertThat(run("reopen", id, "--dry-run")).as("would be refused").isEqualTo(ExitCode.REFUSED);
        assertThat(run("data", id)).isEqualTo(ExitCode.OK);
        assertThat(said()).doesNotContain("wholemeal");
        BakeryApplication.BROKEN.set(false);
        assertThat(run(
                        "edit-and-retry",
                        id,
                        "--data",
                        file.toString(),
                        "--revision",
                        revision,
                        "--reason",
                        "typo",
                        "--wait",
                        "30s"))
                .isEqualTo(ExitCode.OK);

        String line = said().replaceAll("(?s).*line ([0-9]+) of.*", "$1");
        assertThat(run("unmask", id, "--reason", "is it right now?")).isEqualTo(ExitCode.OK);
        assertThat(said()).contains("wholemeal");
        assertThat(run("action-edit", line)).isEqualTo(ExitCode.OK);
        assertThat(said()).contains("edited", "wholemeal");
        assertThat(run("action", line)).isEqualTo(ExitCode.OK);
        assertThat(said()).contains("edit-and-retry", "typo", "PROGRESSED");
        as("eve");
        assertThat(run("unmask", id, "--reason", "curious")).isEqualTo(ExitCode.DENIED);
    }

    @Test
    void messages_that_nobody_could_take_or_handle_are_looked_at_and_decided_about() {
        jdbc.update("""
                insert into saga_inbox_quarantine (topic, partition_no, offset_no, headers, reason_code, reason)
                values ('saga.loaf.replies', 0, 4711, '', 'MALFORMED_PAYLOAD', 'no JSON')""");
        long first = parkedMessage("a");
        long second = parkedMessage("b");

        assertThat(run("messages")).isEqualTo(ExitCode.OK);
        assertThat(said()).contains("4711", "no JSON", "reader-a", "reader-b");
        assertThat(run("set-aside", "saga.loaf.replies", "0", "4711")).isEqualTo(ExitCode.OK);
        assertThat(said()).contains("It has no payload.");
        assertThat(run("set-aside-discard", "saga.loaf.replies", "0", "4711", "--reason", "noise"))
                .isEqualTo(ExitCode.OK);
        assertThat(run("set-aside", "saga.loaf.replies", "0", "4711")).isEqualTo(ExitCode.REFUSED);
        assertThat(run("message", Long.toString(first))).isEqualTo(ExitCode.OK);
        assertThat(run("message-retry", Long.toString(first), "--reason", "it is mended"))
                .isEqualTo(ExitCode.OK);
        assertThat(said()).contains("is tried again soon");
        String key = "drop-" + second;
        for (int i = 0; i < 2; i++) {
            assertThat(run("message-discard", Long.toString(second), "--reason", "noise", "--key", key))
                    .as("under the same key it is dropped once")
                    .isEqualTo(ExitCode.OK);
        }
        assertThat(run("message-discard", Long.toString(second), "--reason", "noise"))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(run("settle-in-doubt", "--reason", "tidy up")).isEqualTo(ExitCode.REFUSED);
        assertThat(complained()).contains("no two-phase commits");
    }

    @Test
    void a_command_whose_handler_failed_is_handed_back_and_its_saga_goes_on_once_that_is_mended() {
        UUID id = stuck("handed-back");
        Map<String, Object> at = jdbc.queryForMap(
                "select topic, partition_no, offset_no from saga_inbox_quarantine where record_key = convert_to(?, 'UTF8')",
                id.toString());

        handBack(at, "FAILED_AGAIN");
        assertThat(phase(id)).isEqualTo("STUCK");
        BakeryApplication.BROKEN.set(false);
        handBack(at, "PROGRESSED");

        assertThat(phase(id)).isEqualTo("COMPLETED");
        assertThat(run(replay(at))).isEqualTo(ExitCode.REFUSED);
        assertThat(complained()).contains("is not set aside, or not any more");
    }

    private void handBack(Map<String, Object> at, String state) {
        assertThat(run(replay(at))).as(this::complained).isEqualTo(ExitCode.OK);
        assertThat(said()).contains("is handed back. Line ");
        String line = said().replaceAll("(?s).*Line ([0-9]+) of.*", "$1");
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(run("action", line)).isEqualTo(ExitCode.OK);
            assertThat(said()).contains("set-aside-replay", state);
        });
    }

    private static String[] replay(Map<String, Object> at) {
        return new String[] {
            "set-aside-replay",
            at.get("topic").toString(),
            at.get("partition_no").toString(),
            at.get("offset_no").toString(),
            "--reason",
            "the oven is warm"
        };
    }

    @Test
    void what_kafka_refused_is_edited_tried_again_or_dropped(@TempDir Path directory) throws IOException {
        parked(81);
        parked(82);
        parked(83);
        assertThat(run("outbox")).isEqualTo(ExitCode.OK);
        assertThat(said()).contains("lanes:", "RECORD_TOO_LARGE", "key-81");
        assertThat(run("outbox-message", "81")).isEqualTo(ExitCode.OK);

        assertThat(run("outbox-payload", "81")).isEqualTo(ExitCode.OK);
        String revision = complained().replaceAll("(?s).*revision  (\\S+).*", "$1");
        Path file = directory.resolve("payload.json");
        Files.writeString(file, said().replace("12 EUR", "3 EUR"));
        String edited = file.toString();
        assertThat(run("outbox-foresee", "81", "--payload", edited)).isEqualTo(ExitCode.OK);
        assertThat(said()).contains("12 EUR", "3 EUR");
        assertThat(run("outbox-foresee", "81")).as("changes nothing").isEqualTo(ExitCode.REFUSED);
        assertThat(run("outbox-edit", "81", "--payload", edited, "--revision", "another", "--reason", "typo"))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(run("outbox-edit", "81", "--payload", edited, "--revision", revision, "--reason", "typo"))
                .as(this::complained)
                .isEqualTo(ExitCode.OK);
        assertThat(run("outbox-unpark", "82", "--reason", "the topic takes more now"))
                .isEqualTo(ExitCode.OK);
        assertThat(run("outbox-discard", "83", "--reason", "noise")).isEqualTo(ExitCode.OK);
        assertThat(run("outbox-discard", "83", "--reason", "noise")).isEqualTo(ExitCode.REFUSED);
        assertThat(run("audit", "--actor", "ann", "--verb", "outbox-edit")).isEqualTo(ExitCode.OK);
        assertThat(said()).contains("typo");
    }

    @Test
    void what_there_is_and_what_was_done_is_told_for_people_and_for_files() {
        String id = stuck("told").toString();
        assertThat(run("counts")).isEqualTo(ExitCode.OK);
        assertThat(said()).containsPattern("byReason.RETRIES_EXHAUSTED +1\n");
        assertThat(run("pause", id, "--reason", "lunch, then more")).isEqualTo(ExitCode.OK);

        assertThat(run("export-audit", "--saga", id)).isEqualTo(ExitCode.OK);
        assertThat(said().lines()).hasSize(3);
        assertThat(said()).contains("pause", "\"lunch, then more\"", "\nend,1,");
        assertThat(run("export-audit", "--saga", id, "--json")).isEqualTo(ExitCode.OK);
        assertThat(said().lines()).hasSize(2).first().asString().contains("\"verb\":\"pause\"");
        assertThat(run("versions")).isEqualTo(ExitCode.OK);
        assertThat(said()).contains("SAGA NAME", "loaf");
        assertThat(run("show", id, "--json")).isEqualTo(ExitCode.OK);
        String message = json().get("timeline")
                .valueStream()
                .map(entry -> Output.text(entry, "messageId"))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElseThrow();
        await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(3)).untilAsserted(() -> {
            assertThat(run("place", id, message)).isEqualTo(ExitCode.OK);
            assertThat(said()).contains("saga.oven.commands");
        });
        assertThat(run("lag")).isEqualTo(ExitCode.OK);
        assertThat(run("charts", "--minutes", "5")).isEqualTo(ExitCode.OK);
        assertThat(run("openapi")).isEqualTo(ExitCode.OK);
        assertThat(json().get("paths").has("/runs/preview")).isTrue();
    }

    @Test
    void what_goes_into_a_file_can_be_read_back_and_moves_no_cursor() {
        assertThat(Table.escaped("{\"name\":\t\"a\u001b[2J\u009b\u202eb\"}"))
                .isEqualTo("{\"name\":\t\"a\\u001b[2J\\u009b\\u202eb\"}");
    }

    private static long parkedMessage(String key) {
        return jdbc.queryForObject(
                "with k as (insert into saga_inbox_parked_key (consumer, topic) values (?, 'letters') returning id)"
                        + " insert into saga_inbox_parked (key_id, topic_id, partition, record_offset, record_timestamp, headers)"
                        + " select id, gen_random_uuid(), 0, 7, 0, '' from k returning id",
                Long.class,
                "reader-" + key);
    }

    private static void parked(long position) {
        jdbc.update(
                "insert into saga_parked_key (aggregatetype, aggregateid, bucket, blocked_by) values ('saga.oven.commands', ?, 1, ?)",
                "key-" + position,
                position);
        jdbc.update(
                "insert into saga_parked (position, id, aggregatetype, aggregateid, type, payload, headers, bucket, xid,"
                        + " created_at, reason_code) values (?, gen_random_uuid(), 'saga.oven.commands', ?, 'charge', ?, '', 1, '5', now(),"
                        + " 'RECORD_TOO_LARGE')",
                position,
                "key-" + position,
                "{\"amount\":\"12 EUR\"}".getBytes(StandardCharsets.UTF_8));
    }
}
