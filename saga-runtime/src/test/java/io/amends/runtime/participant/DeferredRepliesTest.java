package io.amends.runtime.participant;

import static io.amends.runtime.Bench.again;
import static io.amends.runtime.DeferredReplies.Result.ALREADY_ANSWERED;
import static io.amends.runtime.DeferredReplies.Result.DONE;
import static io.amends.runtime.DeferredReplies.Result.UNKNOWN_TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.runtime.Background;
import io.amends.runtime.Bench;
import io.amends.runtime.DeferredReplies;
import io.amends.runtime.Sent;
import io.amends.runtime.participant.Clerks.Approved;
import io.amends.runtime.participant.Clerks.Denied;
import io.amends.runtime.participant.Clerks.QuestionWithdrawn;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.runtime.wire.WireHeaders;
import io.amends.saga.Reply;
import io.amends.saga.ReplyToken;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that are answered later, by whoever has their token. */
class DeferredRepliesTest extends ClerksFixture {

    @Test
    void a_deferred_command_keeps_what_its_handler_wrote_and_is_not_answered() {
        ask(saga, "o1");

        assertThat(stock()).isEqualTo(-1);
        assertThat(bench.sent()).isEmpty();
        assertThat(database.row("select kind, outcome from saga_inbox_command"))
                .containsEntry("kind", "action")
                .containsEntry("outcome", null);
    }

    @Test
    void its_token_answers_it_as_if_the_handler_had() {
        InboundRecord command = traced(command(saga, "o1"));
        office.process(List.of(command));

        assertThat(complete("o1", new Approved("ann"))).isEqualTo(DONE);

        Sent reply = onlySent();
        assertThat(reply.topic()).isEqualTo("saga.place-order.replies");
        assertThat(reply.sagaId()).isEqualTo(saga);
        assertThat(reply.step()).isEqualTo("approve");
        assertThat(reply.type()).isEqualTo("approved");
        assertThat(reply.json()).isEqualTo("{\"by\":\"ann\"}");
        assertThat(reply.outcome()).isEqualTo("success");
        assertThat(reply.header(WireHeaders.SAGA_KIND)).isEqualTo("action");
        assertThat(reply.header(WireHeaders.SOURCE)).isEqualTo("clerks");
        assertThat(reply.header(WireHeaders.CAUSATION_ID)).isEqualTo(command.text(WireHeaders.ID));
        assertThat(reply.header(WireHeaders.SEQUENCE)).isEqualTo(command.text(WireHeaders.SEQUENCE));
        assertThat(reply.header(WireHeaders.TRACE_PARENT)).isEqualTo("00-trace");
        assertThat(Long.parseLong(reply.header(WireHeaders.SAGA_CLOCK))).isPositive();
    }

    @Test
    void a_repeat_of_an_open_command_is_not_answered_and_does_not_run_again() {
        ask(saga, "o1");
        ReplyToken token = clerks.token("o1");
        ask(saga, "o1");
        office.process(List.of(command(saga, "o1"), command(saga, "o1")));

        assertThat(clerks.calls()).containsExactly("ask o1");
        assertThat(bench.sent()).isEmpty();
        assertThat(clerks.token("o1")).isEqualTo(token);
        assertThat(office.repeats()).isEqualTo(3);
        assertThat(database.count("saga_inbox_redelivery")).isZero();
    }

    @Test
    void a_repeat_within_the_poll_that_defers_is_not_answered_either() {
        InboundRecord command = command(saga, "o1");
        office.process(List.of(command, again(command), command(UUID.randomUUID(), "small")));

        assertThat(clerks.calls()).containsExactly("ask o1", "ask small");
        assertThat(bench.sent()).extracting(Sent::type).containsExactly("approved");
    }

    @Test
    void a_repeat_of_an_answered_command_gets_the_stored_reply() {
        ask(saga, "o1");
        complete("o1", new Approved("ann"));
        bench.take();
        ask(saga, "o1");

        assertThat(onlySent().json()).isEqualTo("{\"by\":\"ann\"}");
        assertThat(clerks.calls()).hasSize(1);
    }

    @Test
    void only_the_first_reply_counts() {
        ask(saga, "o1");
        assertThat(complete("o1", new Approved("ann"))).isEqualTo(DONE);
        assertThat(complete("o1", new Denied("too much"))).isEqualTo(ALREADY_ANSWERED);

        assertThat(onlySent().type()).isEqualTo("approved");
    }

    @Test
    void two_nodes_that_answer_at_once_send_one_reply() throws Exception {
        ask(saga, "o1");
        ReplyToken token = clerks.token("o1");
        DeferredReplies otherNode = new Bench(database).deferredReplies();
        CountDownLatch answered = new CountDownLatch(1);
        CountDownLatch mayCommit = new CountDownLatch(1);
        CompletableFuture<Void> one = Background.run(() -> bench.transaction().executeWithoutResult(status -> {
            assertThat(replies.complete(token, new Approved("ann"))).isEqualTo(DONE);
            answered.countDown();
            await(mayCommit);
        }));
        await(answered);
        CompletableFuture<Void> other = Background.run(
                () -> assertThat(otherNode.complete(token, new Denied("no"))).isEqualTo(ALREADY_ANSWERED));
        awaitWaitingForLock();
        mayCommit.countDown();
        CompletableFuture.allOf(one, other).get(20, TimeUnit.SECONDS);

        assertThat(onlySent().type()).isEqualTo("approved");
    }

    @Test
    void the_reply_shares_the_fate_of_the_callers_transaction() {
        ask(saga, "o1");
        bench.transaction().executeWithoutResult(status -> {
            assertThat(complete("o1", new Approved("ann"))).isEqualTo(DONE);
            status.setRollbackOnly();
        });
        assertThat(bench.sent()).isEmpty();

        assertThat(complete("o1", new Approved("bob"))).isEqualTo(DONE);
        assertThat(onlySent().json()).contains("bob");
    }

    @Test
    void nothing_is_stored_if_the_reply_can_not_be_sent() {
        ask(saga, "o1");
        bench.watch.refuse(sql -> sql.contains("insert into saga_outbox"));
        assertThatThrownBy(() -> complete("o1", new Approved("ann"))).isInstanceOf(RuntimeException.class);
        bench.watch.refuse(sql -> false);

        assertThat(complete("o1", new Approved("ann"))).isEqualTo(DONE);
    }

    @Test
    void a_token_that_nobody_was_given_answers_nothing() {
        ask(saga, "small");
        assertThat(replies.complete(ReplyToken.of("x"), new Approved("ann"))).isEqualTo(UNKNOWN_TOKEN);
        assertThat(complete("small", new Approved("ann"))).isEqualTo(UNKNOWN_TOKEN);
        assertThat(bench.sent()).hasSize(1);
    }

    @Test
    void a_token_of_a_handler_that_threw_answers_nothing_and_the_next_attempt_gets_another() {
        clerks.surprise(() -> {
            throw new IllegalStateException("the office is closed");
        });
        ask(saga, "o1");
        ReplyToken lost = clerks.token("o1");
        clerks.surprise(() -> {});
        assertThat(replies.complete(lost, new Approved("ann"))).isEqualTo(UNKNOWN_TOKEN);
        office.redelivery().poll();

        assertThat(stock()).isEqualTo(-1);
        assertThat(complete("o1", new Approved("ann"))).isEqualTo(DONE);
    }

    @Test
    void a_handler_that_could_defer_may_answer_at_once_and_its_rejection_undoes_what_it_wrote() {
        office.process(List.of(command(saga, "small"), command(UUID.randomUUID(), "forbidden")));

        assertThat(bench.sent()).extracting(Sent::outcome).containsExactly("success", "rejection");
        assertThat(movedOrders()).containsExactly("small");
        assertThat(database.count("saga_deferred_reply")).isZero();
    }

    @Test
    void a_rejection_that_comes_later_undoes_nothing_and_leaves_nothing_to_compensate() {
        ask(saga, "o1");
        complete("o1", new Denied("too much"));
        assertThat(bench.take()).extracting(Sent::outcome).containsExactly("rejection");
        assertThat(stock()).isEqualTo(-1);

        withdraw(saga, "o1");
        assertThat(onlySent().type()).isEqualTo(ReservedTypes.NOTHING_TO_COMPENSATE);
    }

    @Test
    void a_reply_that_is_not_in_the_contract_is_refused_and_the_command_stays_open() {
        ask(saga, "o1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> complete("o1", new QuestionWithdrawn("?")))
                .withMessageContaining("QuestionWithdrawn")
                .withMessageContaining("ask-approval")
                .withMessageContaining("AskApprovalReply");

        assertThat(bench.sent()).isEmpty();
        assertThat(complete("o1", new Approved("ann"))).isEqualTo(DONE);
    }

    record Perhaps() implements Reply {}

    @Test
    void a_reply_that_says_neither_yes_nor_no_is_refused_even_where_nobody_knows_the_contract() {
        ask(saga, "o1");
        ReplyToken token = clerks.token("o1");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> bench.deferredReplies().complete(token, new Perhaps()))
                .withMessageEndingWith(
                        "Perhaps is no reply, as it is neither a Success nor a Rejection. Let it implement Rejection if the answer is no, else Success.");

        assertThat(bench.sent()).isEmpty();
        assertThat(complete("o1", new Approved("ann"))).isEqualTo(DONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 100})
    void two_statements_and_one_commit_for_a_poll_of_commands_that_are_deferred(int size) {
        office.process(questions(size));

        assertSent("insert into saga_inbox_command", "insert into saga_deferred_reply", "COMMIT");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 100})
    void two_statements_and_one_commit_for_any_number_of_replies(int size) {
        office.process(questions(size));
        Map<ReplyToken, Reply> given = new HashMap<>();
        IntStream.range(0, size).forEach(i -> given.put(clerks.token("o" + i), new Approved("ann")));
        bench.watch.forget();

        assertThat(replies.completeAll(given).values()).hasSize(size).containsOnly(DONE);
        assertSent("with given as", "insert into saga_outbox", "COMMIT");
        assertThat(bench.sent()).hasSize(size);
    }

    private List<InboundRecord> questions(int size) {
        return IntStream.range(0, size)
                .mapToObj(i -> command(UUID.randomUUID(), "o" + i))
                .toList();
    }

    private static InboundRecord traced(InboundRecord record) {
        Map<String, byte[]> headers = new HashMap<>(record.headers());
        headers.put(WireHeaders.TRACE_PARENT, "00-trace".getBytes(StandardCharsets.UTF_8));
        return new InboundRecord(
                record.topic(), record.partition(), record.offset(), record.key(), record.value(), headers);
    }
}
