package io.amends.runtime.participant;

import static io.amends.runtime.Bench.again;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.outbox.OutboxMessage;
import io.amends.runtime.Background;
import io.amends.runtime.Sent;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.WireHeaders;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CommandsRunOnceTest extends WarehouseFixture {

    @Test
    void a_command_leaves_its_effect_its_stored_reply_and_its_message_in_one_transaction() {
        InboundRecord command = reserve(saga, "o1", 3);
        deliver(command);

        assertThat(warehouse.calls()).containsExactly("reserve o1");
        assertThat(stock()).isEqualTo(-3);
        assertThat(database.row("select * from saga_inbox_command"))
                .containsEntry("participant", "warehouse")
                .containsEntry("saga_id", saga)
                .containsEntry("step", "reserve-stock")
                .containsEntry("kind", "action")
                .containsEntry("outcome", "SUCCESS")
                .containsEntry("reply_type", "stock-reserved");
        Sent reply = onlySent();
        assertThat(reply.topic()).isEqualTo("saga.place-order.replies");
        assertThat(reply.key()).isEqualTo(saga.toString());
        assertThat(reply.type()).isEqualTo("stock-reserved");
        assertThat(reply.json()).isEqualTo("{\"shelf\":\"shelf 1\"}");
        assertThat(reply.outcome()).isEqualTo("success");
        assertThat(reply.step()).isEqualTo("reserve-stock");
        assertThat(reply.header(WireHeaders.SAGA_KIND)).isEqualTo("action");
        assertThat(reply.header(WireHeaders.SOURCE)).isEqualTo("warehouse");
        assertThat(reply.header(WireHeaders.CAUSATION_ID)).isEqualTo(command.text(WireHeaders.ID));
        assertThat(bench.watch.count("COMMIT")).isEqualTo(1);
    }

    @Test
    void nothing_of_a_command_remains_if_its_reply_can_not_be_stored_with_it() {
        bench.watch.refuse(sql -> sql.contains("insert into saga_outbox"));
        InboundRecord command = reserve(saga, "o1", 3);
        assertThatThrownBy(() -> deliver(command)).isInstanceOf(RuntimeException.class);

        assertThat(stock()).isZero();
        assertThat(database.count("saga_inbox_command")).isZero();
        assertThat(database.count("saga_inbox_redelivery")).isZero();

        bench.watch.refuse(sql -> false);
        deliver(command);
        assertThat(stock()).isEqualTo(-3);
        assertThat(bench.sent()).hasSize(1);
    }

    @Test
    void a_repeat_gets_the_stored_reply_and_its_handler_does_not_run() {
        InboundRecord command = reserve(saga, "o1", 3);
        deliver(command);
        Sent first = bench.take().get(0);
        deliver(again(command));
        Sent second = bench.take().get(0);
        InboundRecord resent = reserve(saga, "o1", 3);
        assertThat(resent.text(WireHeaders.ID))
                .as("the ids of two sendings of a command")
                .isNotEqualTo(command.text(WireHeaders.ID));
        deliver(resent);
        Sent third = onlySent();

        assertThat(warehouse.calls()).hasSize(1);
        assertThat(stock()).isEqualTo(-3);
        assertThat(List.of(second.json(), third.json())).containsOnly(first.json());
        assertThat(List.of(second.type(), third.type())).containsOnly("stock-reserved");
        assertThat(List.of(second.outcome(), third.outcome())).containsOnly("success");
        assertThat(third.header(WireHeaders.CAUSATION_ID)).isEqualTo(resent.text(WireHeaders.ID));
        assertThat(List.of(first.id(), second.id(), third.id())).doesNotHaveDuplicates();
        assertThat(participant.repeats()).isEqualTo(2);
    }

    @Test
    void a_repeat_within_one_poll_gets_the_same_reply_and_its_handler_does_not_run() {
        InboundRecord command = reserve(saga, "o1", 3);
        deliver(command, again(command), reserve(saga, "o1", 3), reserve(UUID.randomUUID(), "o2", 1));

        assertThat(warehouse.calls()).containsExactly("reserve o1", "reserve o2");
        assertThat(bench.sent().stream().map(Sent::json))
                .containsExactly(
                        "{\"shelf\":\"shelf 1\"}",
                        "{\"shelf\":\"shelf 1\"}",
                        "{\"shelf\":\"shelf 1\"}",
                        "{\"shelf\":\"shelf 2\"}");
        assertThat(participant.repeats()).isEqualTo(2);
    }

    @Test
    void two_consumers_that_get_the_same_command_at_once_carry_it_out_once() throws Exception {
        CountDownLatch inHandler = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        warehouse.surprise("o1", () -> {
            inHandler.countDown();
            await(mayGoOn);
        });
        CompletableFuture<Void> one = Background.run(() -> deliver(reserve(saga, "o1", 3)));
        await(inHandler);
        CompletableFuture<Void> other = Background.run(() -> deliver(reserve(saga, "o1", 3)));
        awaitWaitingForLock();
        mayGoOn.countDown();
        CompletableFuture.allOf(one, other).get(20, TimeUnit.SECONDS);

        assertThat(warehouse.calls()).hasSize(1);
        assertThat(bench.sent().stream().map(Sent::json)).hasSize(2).containsOnly("{\"shelf\":\"shelf 1\"}");
    }

    @Test
    void the_same_step_of_another_saga_is_another_command() {
        deliver(reserve(saga, "o1", 3), reserve(UUID.randomUUID(), "o1", 3));
        assertThat(warehouse.calls()).hasSize(2);
        assertThat(participant.repeats()).isZero();
    }

    @Test
    void a_rejection_keeps_row_and_reply_and_rolls_back_what_the_handler_wrote() {
        deliver(reserve(UUID.randomUUID(), "before", 1), reserve(saga, "o1", 101), reserve(UUID.randomUUID(), "z", 1));

        assertThat(movedOrders()).containsExactly("before", "z");
        assertThat(database.row("select outcome, reply_type from saga_inbox_command where saga_id = ?", saga))
                .containsEntry("outcome", "REJECTION")
                .containsEntry("reply_type", "out-of-stock");
        assertThat(bench.sent().stream().map(Sent::outcome)).containsExactly("success", "rejection", "success");

        bench.take();
        deliver(reserve(saga, "o1", 101));
        assertThat(onlySent().json()).isEqualTo("{\"left\":100}");
        assertThat(warehouse.calls()).hasSize(3);
    }

    @Test
    void a_rejection_takes_back_the_messages_that_the_handler_appended() {
        Runnable notice = () -> bench.outbox.append(
                new OutboxMessage(UUID.randomUUID(), "notices", "k", "noticed", new byte[0], Map.of()));
        warehouse.surprise("o1", notice);
        warehouse.surprise("o2", notice);
        deliver(reserve(saga, "o1", 101), reserve(UUID.randomUUID(), "o2", 1));

        assertThat(bench.sent().stream().map(Sent::type)).containsExactly("noticed", "out-of-stock", "stock-reserved");
    }

    @Test
    void a_handler_may_answer_with_a_rejection_after_transactional_code_that_it_called_threw() {
        warehouse.surprise("o1", () -> {
            try {
                bench.transaction().executeWithoutResult(status -> {
                    throw new IllegalArgumentException("not today");
                });
            } catch (IllegalArgumentException expected) {
                // the handler answers OutOfStock below
            }
        });
        deliver(reserve(saga, "o1", 101), reserve(UUID.randomUUID(), "o2", 1));

        assertThat(bench.sent().stream().map(Sent::outcome)).containsExactly("rejection", "success");
        assertThat(movedOrders()).containsExactly("o2");
        assertThat(database.count("saga_inbox_redelivery")).isZero();
        assertThat(warehouse.calls()).hasSize(2);
    }

    private Sent onlySent() {
        assertThat(bench.sent()).hasSize(1);
        return bench.sent().get(0);
    }
}
