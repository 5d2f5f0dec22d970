package io.amends.runtime.participant;

import static io.amends.runtime.DeferredReplies.Result.DONE;
import static io.amends.runtime.DeferredReplies.Result.REFUSED;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.Background;
import io.amends.runtime.Sent;
import io.amends.runtime.participant.Clerks.Approved;
import io.amends.runtime.participant.Clerks.Denied;
import io.amends.runtime.participant.Clerks.QuestionWithdrawn;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.runtime.wire.WireHeaders;
import io.amends.saga.ReplyToken;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that are compensated before they are answered. */
class DeferredCompensationsTest extends ClerksFixture {

    @Test
    void a_compensation_of_an_open_action_runs_and_closes_it_for_ever() {
        ask(saga, "o1");
        ReplyToken token = clerks.token("o1");
        withdraw(saga, "o1");

        assertThat(clerks.calls()).containsExactly("ask o1", "withdraw o1");
        assertThat(stock()).isZero();
        assertThat(bench.take()).extracting(Sent::type).containsExactly("question-withdrawn");
        assertThat(replies.complete(token, new Approved("ann"))).isEqualTo(REFUSED);
        assertThat(bench.sent()).isEmpty();

        ask(saga, "o1");
        assertThat(bench.take()).extracting(Sent::type).containsExactly(ReservedTypes.COMPENSATED_WHILE_OPEN);
        withdraw(saga, "o1");
        assertThat(bench.sent()).extracting(Sent::type).containsExactly("question-withdrawn");
        assertThat(clerks.calls()).hasSize(2);
    }

    @Test
    void likewise_where_action_and_compensation_come_in_one_poll() {
        office.process(List.of(command(saga, "o1"), withdrawal(saga, "o1"), command(saga, "o1")));

        assertThat(clerks.calls()).containsExactly("ask o1", "withdraw o1");
        assertThat(bench.sent())
                .extracting(Sent::type)
                .containsExactly("question-withdrawn", ReservedTypes.COMPENSATED_WHILE_OPEN);
        assertThat(database.texts("select outcome from saga_inbox_command where kind = 'action'"))
                .containsExactly("REJECTION");
    }

    @Test
    void a_compensation_may_be_deferred_too() {
        ask(saga, "slow");
        ReplyToken question = clerks.token("slow");
        withdraw(saga, "slow");
        withdraw(saga, "slow");
        assertThat(bench.sent()).isEmpty();
        assertThat(clerks.calls()).containsExactly("ask slow", "withdraw slow");

        assertThat(replies.complete(question, new Approved("ann"))).isEqualTo(REFUSED);
        assertThat(complete("slow", new QuestionWithdrawn("in the end"))).isEqualTo(DONE);
        Sent reply = onlySent();
        assertThat(reply.header(WireHeaders.SAGA_KIND)).isEqualTo("compensation");
        assertThat(reply.json()).contains("in the end");
    }

    @Test
    void a_compensation_that_threw_leaves_the_action_open_until_it_succeeds() {
        ask(saga, "o1");
        clerks.surprise(() -> {
            throw new IllegalStateException("the office is closed");
        });
        withdraw(saga, "o1");
        clerks.surprise(() -> {});
        assertThat(database.texts("select outcome from saga_inbox_command where kind = 'action'"))
                .containsOnlyNulls();
        office.redelivery().poll();

        assertThat(stock()).isZero();
        assertThat(onlySent().type()).isEqualTo("question-withdrawn");
    }

    @Test
    void an_action_that_is_answered_while_its_compensation_runs_is_compensated_once() throws Exception {
        ask(saga, "o1");
        ReplyToken token = clerks.token("o1");
        CountDownLatch inHandler = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        clerks.surprise(() -> {
            inHandler.countDown();
            await(mayGoOn);
        });
        CompletableFuture<Void> compensation = Background.run(() -> withdraw(saga, "o1"));
        await(inHandler);
        assertThat(replies.complete(token, new Approved("ann"))).isEqualTo(DONE);
        mayGoOn.countDown();
        compensation.get(20, TimeUnit.SECONDS);

        assertThat(stock()).isZero();
        assertThat(database.count("saga_inbox_redelivery")).isZero();
        assertThat(bench.sent()).extracting(Sent::type).containsExactly("approved", "question-withdrawn");
    }

    @Test
    void an_action_that_is_denied_while_its_compensation_runs_is_not_compensated() throws Exception {
        ask(saga, "o1");
        ReplyToken token = clerks.token("o1");
        CountDownLatch inHandler = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        clerks.surprise(() -> {
            inHandler.countDown();
            await(mayGoOn);
        });
        CompletableFuture<Void> compensation = Background.run(() -> withdraw(saga, "o1"));
        await(inHandler);
        assertThat(replies.complete(token, new Denied("no"))).isEqualTo(DONE);
        mayGoOn.countDown();
        compensation.get(20, TimeUnit.SECONDS);

        assertThat(movedOrders()).containsExactly("o1");
        assertThat(bench.sent()).extracting(Sent::type).containsExactly("denied", ReservedTypes.NOTHING_TO_COMPENSATE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 100})
    void five_statements_and_one_commit_for_a_poll_of_compensations_of_open_actions(int size) {
        List<UUID> sagas =
                IntStream.range(0, size).mapToObj(i -> UUID.randomUUID()).toList();
        office.process(sagas.stream().map(id -> command(id, "o1")).toList());
        bench.watch.forget();
        office.process(sagas.stream().map(id -> withdrawal(id, "o1")).toList());

        assertSent(
                "insert into saga_inbox_command",
                "select i.saga_id",
                "update saga_inbox_command",
                "with open as",
                "insert into saga_outbox",
                "COMMIT");
        assertThat(stock()).isZero();
    }
}
