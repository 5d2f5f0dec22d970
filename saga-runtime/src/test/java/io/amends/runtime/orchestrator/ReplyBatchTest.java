package io.amends.runtime.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.runtime.Background;
import io.amends.runtime.Orders.CardCharged;
import io.amends.runtime.Orders.CourierBooked;
import io.amends.runtime.Orders.NoCourier;
import io.amends.runtime.Orders.OutOfStock;
import io.amends.runtime.Orders.StockReserved;
import io.amends.runtime.SagaListener;
import io.amends.runtime.Sent;
import io.amends.runtime.wire.InboundRecord;
import io.amends.saga.Reply;
import io.amends.saga.engine.Disposition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyBatchTest extends OrderFixture {

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 100})
    void four_statements_and_one_commit_for_replies_that_move_many_sagas_on(int size) {
        List<InboundRecord> replies = replies(startMany(size), new StockReserved("s"));
        bench.watch.forget();
        orchestration.replies().process(replies);

        assertSent(
                "select saga_id, saga_name",
                "select saga_id, step",
                "with changed as ( update saga_instance",
                "insert into saga_outbox",
                "COMMIT");
        assertThat(bench.sent()).hasSize(size);
        assertThat(database.number("select count(*) from saga_history")).isEqualTo(2L * size);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 100})
    void three_statements_and_one_commit_for_replies_that_end_many_sagas(int size) {
        List<InboundRecord> replies = replies(startMany(size), new OutOfStock(0));
        bench.watch.forget();
        orchestration.replies().process(replies);

        assertSent(
                "select saga_id, saga_name",
                "select saga_id, step",
                "with changed as ( update saga_instance",
                "COMMIT");
        assertThat(database.number("select count(*) from saga_instance where phase = 'COMPENSATED'"))
                .isEqualTo(size);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 100})
    void two_statements_and_one_commit_for_duplicates(int size) {
        List<InboundRecord> replies = replies(startMany(size), new StockReserved("s"));
        orchestration.replies().process(replies);
        bench.watch.forget();
        orchestration.replies().process(replies);

        assertSent("select saga_id, saga_name", "select saga_id, step", "COMMIT");
        assertThat(orchestration.counts().of(Disposition.DUPLICATE)).isEqualTo(size);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 100})
    void two_statements_and_one_commit_for_replies_to_sagas_that_are_not_here(int size) {
        List<InboundRecord> replies = replies(startMany(size), new StockReserved("s"));
        database.clear();
        bench.watch.forget();
        orchestration.replies().process(replies);

        assertSent("select saga_id, saga_name", "insert into saga_inbox_quarantine", "COMMIT");
        assertThat(database.count("saga_inbox_quarantine")).isEqualTo(size);
    }

    @Test
    void a_poll_may_hold_replies_of_every_kind() {
        List<Sent> commands = startMany(4);
        deliver(
                bench.reply(commands.get(0), new StockReserved("s")),
                garbage(),
                bench.reply(commands.get(1), new OutOfStock(0)),
                bench.reply(bench.step(commands.get(2), "reserve-unicorn"), new StockReserved("s")),
                bench.reply(commands.get(3), new StockReserved(PlaceOrderSaga.SHELF_THAT_THROWS)),
                bench.reply(commands.get(0), new StockReserved("s")));

        assertThat(commands.stream().map(command -> phase(command.sagaId())))
                .containsExactly("RUNNING", "COMPENSATED", "RUNNING", "STUCK");
        assertThat(bench.sent().stream().map(Sent::type)).containsExactly("charge-card");
        assertThat(database.texts("select reason_code from saga_inbox_quarantine"))
                .containsExactly("MALFORMED_HEADERS");
    }

    @Test
    void a_reply_that_can_not_be_stored_is_quarantined_alone_and_the_others_of_its_poll_commit() {
        List<Sent> charges = chargeMany(7);
        List<InboundRecord> replies = new ArrayList<>();
        for (Sent charge : charges) {
            // Its receipt is the address in the next command, which must not be larger than a message may be.
            String receipt = charge == charges.get(4) ? "x".repeat(30_000) : "receipt";
            replies.add(bench.reply(charge, new CardCharged(receipt)));
        }
        heard.clear();
        orchestration.replies().process(replies);

        assertThat(bench.take().stream().map(Sent::type)).hasSize(6).containsOnly("book-courier");
        assertThat(database.row("select * from saga_inbox_quarantine"))
                .containsEntry("reason_code", "PROCESSING_FAILED")
                .containsEntry("offset_no", replies.get(4).offset())
                .containsEntry("payload", replies.get(4).value());
        assertThat(steps(charges.get(4).sagaId())).contains("charge-card SENT");
        assertThat(charges.stream()
                        .map(charge -> steps(charge.sagaId()))
                        .filter(steps -> steps.contains("book-courier SENT")))
                .hasSize(6);
        assertThat(heard).hasSize(6);

        deliver(bench.reply(charges.get(4), new CardCharged("receipt")));
        assertThat(takeOne().type()).isEqualTo("book-courier");
    }

    @Test
    void an_instance_whose_data_can_not_be_read_any_more_does_not_hold_up_others() {
        List<Sent> commands = startMany(5);
        database.jdbc()
                .update(
                        "update saga_instance set data = '{' where saga_id = ?",
                        commands.get(0).sagaId());
        database.jdbc()
                .update(
                        "update saga_instance set data = '17' where saga_id = ?",
                        commands.get(3).sagaId());
        orchestration.replies().process(replies(commands, new StockReserved("s")));

        assertThat(bench.sent()).hasSize(3);
        assertThat(database.texts("select reason_code from saga_inbox_quarantine"))
                .containsExactly("PROCESSING_FAILED", "PROCESSING_FAILED");
    }

    @Test
    void an_instance_of_a_version_that_is_not_here_does_not_hold_up_others() {
        List<Sent> commands = startMany(2);
        database.jdbc()
                .update(
                        "update saga_instance set saga_version = 9 where saga_id = ?",
                        commands.get(0).sagaId());
        orchestration.replies().process(replies(commands, new StockReserved("s")));

        assertThat(bench.sent()).hasSize(1);
        assertThat(database.count("saga_inbox_quarantine")).isZero();
        assertThat(database.count("saga_waiting_reply")).isEqualTo(1);
    }

    @Test
    void a_database_that_is_away_quarantines_nothing_and_the_poll_is_delivered_again() {
        List<InboundRecord> replies = replies(startMany(3), new StockReserved("s"));
        bench.watch.refuse(sql -> sql.contains("update saga_instance"));
        assertThatThrownBy(() -> orchestration.replies().process(replies)).isInstanceOf(RuntimeException.class);
        assertThat(bench.watch.count("with changed")).isZero();
        bench.watch.refuse(sql -> false);
        assertThat(database.count("saga_inbox_quarantine")).isZero();

        orchestration.replies().process(replies);
        assertThat(bench.sent()).hasSize(3);
    }

    @Test
    void two_orchestrators_that_take_the_same_replies_at_once_move_each_saga_once() throws Exception {
        long seed = System.nanoTime();
        Orchestration other = orchestration();
        List<Sent> commands = startMany(40);
        for (Reply reply : List.of(new StockReserved("s"), new CardCharged("r"), new CourierBooked("monday"))) {
            List<InboundRecord> replies = replies(commands, reply);
            List<InboundRecord> shuffled = new ArrayList<>(replies);
            Collections.shuffle(shuffled, new Random(seed));
            CyclicBarrier together = new CyclicBarrier(2);
            CompletableFuture.allOf(inPolls(orchestration, replies, together), inPolls(other, shuffled, together))
                    .get(60, TimeUnit.SECONDS);
            commands = bench.take();
            assertThat(commands.stream().map(Sent::key).distinct())
                    .as("seed %d", seed)
                    .hasSameSizeAs(commands);
        }
        assertThat(database.number("select count(*) from saga_instance where phase = 'COMPLETED' and row_version = 3"))
                .as("seed %d", seed)
                .isEqualTo(40);
        assertThat(database.count("saga_history")).isEqualTo((1 + 3) * 40);
        assertThat(database.count("saga_inbox_quarantine")).isZero();
        assertThat(orchestration.counts().of(Disposition.ACCEPTED)
                        + other.counts().of(Disposition.ACCEPTED))
                .isEqualTo(3 * 40);
    }

    @Test
    void two_orchestrators_that_hear_success_and_rejection_at_once_agree_on_one_of_them() throws Exception {
        List<Sent> charges = chargeMany(20);
        List<Sent> couriers = new ArrayList<>();
        for (Sent charge : charges) {
            couriers.add(answer(charge, new CardCharged("r")));
        }
        CyclicBarrier together = new CyclicBarrier(2);
        CompletableFuture.allOf(
                        inPolls(orchestration, replies(couriers, new CourierBooked("monday")), together),
                        inPolls(orchestration(), replies(couriers, new NoCourier("full")), together))
                .get(60, TimeUnit.SECONDS);

        assertThat(database.number("""
                select count(*) from saga_instance i join saga_step s using (saga_id)
                 where s.step = 'book-courier' and (i.phase, s.status) in (('COMPLETED', 'SUCCEEDED'), ('COMPENSATING', 'REJECTED'))""")).isEqualTo(20);
        assertThat(bench.sent())
                .hasSize((int) database.number("select count(*) from saga_instance where phase = 'COMPENSATING'"));
        assertThat(database.number("select count(*) from saga_history where disposition = 'CONTRADICTORY'"))
                .isEqualTo(20);
    }

    @Test
    void listeners_hear_once_of_all_that_a_poll_changed() {
        List<List<SagaListener.Change>> calls = new ArrayList<>();
        List<Sent> commands = startMany(3);
        orchestration(calls::add).replies().process(replies(commands, new StockReserved("s")));
        assertThat(calls).hasSize(1);
        assertThat(calls.get(0))
                .extracting(SagaListener.Change::sagaId)
                .containsExactlyInAnyOrderElementsOf(
                        commands.stream().map(Sent::sagaId).toList());
    }

    private static CompletableFuture<Void> inPolls(
            Orchestration orchestration, List<InboundRecord> replies, CyclicBarrier together) {
        return Background.run(() -> {
            try {
                together.await(20, TimeUnit.SECONDS);
            } catch (Exception trouble) {
                throw new IllegalStateException(trouble);
            }
            for (int i = 0; i < replies.size(); i += 8) {
                orchestration.replies().process(replies.subList(i, Math.min(i + 8, replies.size())));
            }
        });
    }

    private List<Sent> startMany(int size) {
        IntStream.range(0, size).forEach(i -> start("k" + i));
        return bench.take();
    }

    private List<Sent> chargeMany(int size) {
        orchestration.replies().process(replies(startMany(size), new StockReserved("s")));
        return bench.take();
    }

    private List<InboundRecord> replies(List<Sent> commands, Reply reply) {
        return commands.stream().map(command -> bench.reply(command, reply)).toList();
    }

    private InboundRecord garbage() {
        InboundRecord good = bench.reply(started("garbage"), new StockReserved("s"));
        return new InboundRecord(
                good.topic(), 0, good.offset(), null, "garbage".getBytes(StandardCharsets.UTF_8), Map.of());
    }

    private void assertSent(String... starts) {
        List<String> sent = bench.watch.sent();
        assertThat(sent).hasSameSizeAs(starts);
        for (int i = 0; i < starts.length; i++) {
            assertThat(sent.get(i)).startsWith(starts[i]);
        }
    }
}
