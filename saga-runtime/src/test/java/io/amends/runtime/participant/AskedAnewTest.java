package io.amends.runtime.participant;

import static io.amends.runtime.Bench.again;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.Background;
import io.amends.runtime.Bench;
import io.amends.runtime.DeferredReplies;
import io.amends.runtime.Sent;
import io.amends.runtime.participant.Clerks.Approved;
import io.amends.runtime.participant.Clerks.AskApproval;
import io.amends.runtime.participant.Clerks.Denied;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.runtime.wire.WireHeaders;
import io.amends.saga.ReplyToken;
import io.amends.saga.engine.CommandKind;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A command that an operator asks anew after its rejection. The warehouse is out of stock above 100, so that another amount
 * stands for a warehouse that has changed its mind.
 */
class AskedAnewTest extends WarehouseFixture {

    private static final int TOO_MANY = 101;
    private static final int ENOUGH = 3;

    private InboundRecord asked(int round, int amount) {
        return round(round, reserve(saga, "o1", amount));
    }

    private static InboundRecord round(int round, InboundRecord command) {
        return Bench.with(command, WireHeaders.SAGA_ROUND, round == 0 ? null : Integer.toString(round));
    }

    private List<String> answers() {
        return bench.take().stream()
                .map(sent -> sent.outcome() + " " + sent.header(WireHeaders.SAGA_ROUND))
                .toList();
    }

    @Test
    void what_was_rejected_is_carried_out_once_when_it_is_asked_anew() {
        deliver(asked(0, TOO_MANY));
        assertThat(answers()).containsExactly("rejection ");

        InboundRecord anew = asked(1, ENOUGH);
        deliver(anew);
        deliver(again(anew), asked(1, ENOUGH), asked(0, TOO_MANY), asked(2, ENOUGH));

        assertThat(stock()).isEqualTo(-ENOUGH);
        assertThat(warehouse.calls()).hasSize(2);
        assertThat(answers()).containsExactly("success 1", "success 1", "success 1", "success ", "success 2");
    }

    @Test
    void a_no_of_that_round_is_given_again_until_the_next_one() {
        deliver(asked(0, TOO_MANY));
        deliver(asked(1, TOO_MANY));
        deliver(asked(1, ENOUGH), asked(0, ENOUGH));
        assertThat(answers()).containsExactly("rejection ", "rejection 1", "rejection 1", "rejection ");

        deliver(asked(2, ENOUGH));

        assertThat(answers()).containsExactly("success 2");
        assertThat(stock()).isEqualTo(-ENOUGH);
    }

    @Test
    void what_comes_for_the_first_time_in_a_later_round_is_carried_out_once_too() {
        deliver(asked(1, TOO_MANY), asked(1, ENOUGH));

        assertThat(answers()).containsExactly("rejection 1", "rejection 1");
    }

    @Test
    void of_two_rounds_in_one_poll_the_later_one_is_asked_and_the_earlier_one_needs_no_answer() {
        deliver(asked(0, TOO_MANY));
        bench.take();

        deliver(asked(0, TOO_MANY), asked(1, TOO_MANY), asked(2, ENOUGH), asked(2, ENOUGH));

        assertThat(answers()).containsExactly("success 2", "success 2");
        assertThat(stock()).isEqualTo(-ENOUGH);
    }

    @Test
    void a_handler_that_throws_when_asked_anew_is_delivered_to_again() {
        deliver(asked(0, TOO_MANY));
        warehouse.surprise("o1", () -> {
            throw new IllegalStateException("a short circuit");
        });
        deliver(asked(1, ENOUGH));
        assertThat(answers()).containsExactly("rejection ");
        warehouse.noSurprise("o1");

        participant.redelivery().poll();

        assertThat(answers()).containsExactly("success 1");
        assertThat(stock()).isEqualTo(-ENOUGH);
    }

    @Test
    void a_compensation_that_was_rejected_is_asked_anew() {
        deliver(reserve(saga, "o1", ENOUGH));
        InboundRecord undo = bench.command(
                "warehouse",
                saga,
                "reserve-stock",
                CommandKind.COMPENSATION,
                new io.amends.runtime.Orders.ReserveStock("o1", "book", TOO_MANY));
        InboundRecord undoable = bench.command(
                "warehouse",
                saga,
                "reserve-stock",
                CommandKind.COMPENSATION,
                new io.amends.runtime.Orders.ReserveStock("o1", "book", -ENOUGH));
        deliver(undo);
        deliver(round(1, undoable));
        deliver(round(1, undoable));

        assertThat(answers()).containsExactly("success ", "rejection ", "success 1", "success 1");
        assertThat(stock()).isZero();
    }

    @Test
    void an_action_is_never_asked_anew_after_its_compensation() {
        deliver(asked(0, TOO_MANY));
        deliver(release(saga, "o1", ENOUGH));
        deliver(asked(1, ENOUGH));
        assertThat(answers()).containsExactly("rejection ", "success ", "rejection 1");

        UUID other = UUID.randomUUID();
        deliver(reserve(other, "o2", TOO_MANY));
        deliver(release(other, "o2", ENOUGH), round(1, reserve(other, "o2", ENOUGH)));
        assertThat(answers()).containsExactly("rejection ", "success ", "rejection 1");

        UUID third = UUID.randomUUID();
        deliver(release(third, "o3", ENOUGH));
        deliver(round(1, reserve(third, "o3", ENOUGH)));
        assertThat(bench.sent())
                .extracting(Sent::type)
                .containsExactly(ReservedTypes.NOTHING_TO_COMPENSATE, ReservedTypes.ACTION_AFTER_COMPENSATION);
        assertThat(stock()).isZero();
    }

    @Test
    void what_was_asked_anew_is_undone_by_a_compensation_that_comes_behind_it() {
        deliver(asked(0, TOO_MANY));
        deliver(asked(1, ENOUGH), release(saga, "o1", ENOUGH));

        assertThat(stock()).isZero();
        assertThat(warehouse.calls()).endsWith("reserve o1", "release o1");
    }

    @Test
    void a_compensation_that_comes_while_its_action_is_asked_anew_waits_and_undoes_it() throws Exception {
        deliver(asked(0, TOO_MANY));
        CountDownLatch inHandler = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        warehouse.surprise("o1", () -> {
            inHandler.countDown();
            await(mayGoOn);
        });
        CompletableFuture<Void> anew = Background.run(() -> deliver(asked(1, ENOUGH)));
        await(inHandler);
        CompletableFuture<Void> undone = Background.run(() -> deliver(release(saga, "o1", ENOUGH)));
        awaitWaitingForLock();
        mayGoOn.countDown();
        CompletableFuture.allOf(anew, undone).get(20, TimeUnit.SECONDS);
        participant.redelivery().poll();

        assertThat(stock()).isZero();
        assertThat(warehouse.calls()).endsWith("release o1");
    }

    @Test
    void a_deferred_command_that_was_rejected_gets_a_token_of_its_own_when_asked_anew() {
        Clerks clerks = new Clerks(bench.jdbc);
        Participant office = bench.participant("clerks", clerks, AT_ONCE);
        DeferredReplies replies = bench.deferredReplies(office);
        InboundRecord question = bench.command("clerks", saga, "approve", CommandKind.ACTION, new AskApproval("o1"));
        office.process(List.of(question));
        ReplyToken first = clerks.token("o1");
        replies.complete(first, new Denied("no"));
        bench.take();

        office.process(List.of(round(1, question)));
        assertThat(bench.sent()).isEmpty();
        assertThat(replies.complete(first, new Approved("by the old token"))).isNotEqualTo(DeferredReplies.Result.DONE);
        assertThat(replies.complete(clerks.token("o1"), new Approved("ann"))).isEqualTo(DeferredReplies.Result.DONE);

        assertThat(answers()).containsExactly("success 1");
    }
}
