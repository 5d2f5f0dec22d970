package io.amends.dashboard.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.amends.dashboard.Depot;
import io.amends.dashboard.messages.WaitingInbox.InboxWaiting;
import io.amends.dashboard.messages.WaitingInbox.WaitingCommand;
import io.amends.dashboard.messages.WaitingInbox.WaitingReply;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What waits in the inbox by itself. */
class WaitingInboxTest {

    private static final UUID SAGA = UUID.fromString("01939c5a-1111-7000-8000-000000000001");

    private static Depot depot;

    private final WaitingInbox inbox = new WaitingInbox(depot.reads());

    @BeforeAll
    static void open() {
        depot = new Depot();
    }

    @AfterAll
    static void close() {
        depot.close();
    }

    @BeforeEach
    void clear() {
        depot.clear();
    }

    @Test
    void nothing_waits_at_first() {
        InboxWaiting waiting = inbox.read(10);

        assertThat(waiting.commandCount() + waiting.replyCount()).isZero();
        assertThat(waiting.commands()).isEmpty();
        assertThat(waiting.replies()).isEmpty();
    }

    @Test
    void commands_that_are_due_next_come_first_and_those_that_wait_for_a_lock_have_no_time() {
        command("pack", 0, "'infinity'", "waits for a semantic lock");
        command("ship", 2, "now() + interval '1 hour'", "IllegalStateException: no van");
        command("pay", 1, "now() + interval '1 minute'", "IllegalStateException: closed");

        InboxWaiting waiting = inbox.read(10);

        assertThat(waiting.commandCount()).isEqualTo(3);
        assertThat(waiting.commands())
                .extracting(
                        WaitingCommand::step,
                        WaitingCommand::attempts,
                        WaitingCommand::error,
                        command -> command.nextAttemptAt() == null)
                .containsExactly(
                        tuple("pay", 1, "IllegalStateException: closed", false),
                        tuple("ship", 2, "IllegalStateException: no van", false),
                        tuple("pack", 0, "waits for a semantic lock", true));
        assertThat(inbox.read(1).commands()).extracting(WaitingCommand::step).containsExactly("pay");
        assertThat(inbox.read(1).commandCount())
                .as("those that are not shown count")
                .isEqualTo(3);
    }

    @Test
    void replies_that_have_waited_longest_come_first() {
        reply(7, "1 minute");
        reply(9, "1 hour");

        InboxWaiting waiting = inbox.read(10);

        assertThat(waiting.replyCount()).isEqualTo(2);
        assertThat(waiting.replies()).extracting(WaitingReply::offset).containsExactly(9L, 7L);
        assertThat(waiting.replies()).extracting(WaitingReply::sagaId).containsOnly(SAGA);
        assertThat(inbox.read(1).replies()).extracting(WaitingReply::offset).containsExactly(9L);
        assertThat(inbox.read(1).replyCount()).isEqualTo(2);
    }

    @Test
    void of_very_many_ten_thousand_are_looked_at() {
        depot.jdbc.update("""
                insert into saga_waiting_reply (topic, partition_no, offset_no, saga_id, headers)
                select 'replies', 0, n, gen_random_uuid(), '' from generate_series(1, 10500) n""");

        assertThat(inbox.read(5).replyCount()).isEqualTo(10_000);
    }

    private static void command(String step, int attempts, String dueAt, String error) {
        depot.jdbc.update("""
                insert into saga_inbox_redelivery (participant, saga_id, step, kind, topic, partition_no, offset_no, headers,
                                                   attempts, next_attempt_at, error)
                values ('till', ?, ?, 'action', 'saga.till.commands', 0, 7, '', ?, %s, ?)""".formatted(dueAt), SAGA, step, attempts, error);
    }

    private static void reply(long offset, String waits) {
        depot.jdbc.update(
                "insert into saga_waiting_reply (topic, partition_no, offset_no, saga_id, headers, waits_since) "
                        + "values ('saga.shop.replies', 0, ?, ?, '', now() - ?::interval)",
                offset,
                SAGA,
                waits);
    }
}
