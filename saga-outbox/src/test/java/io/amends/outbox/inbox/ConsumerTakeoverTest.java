package io.amends.outbox.inbox;

import static io.amends.outbox.inbox.Deliveries.ONCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Who pauses, dies or loses a server in the middle of a poll does nothing twice, and nothing is left out. */
class ConsumerTakeoverTest {

    private final Deliveries deliveries = new Deliveries();
    private final IdempotentConsumer consumer = deliveries.consumer(ONCE);

    @Test
    void a_zombie_that_wakes_up_after_another_took_over_is_refused_and_writes_nothing() {
        IdempotentConsumer zombie = consumer;
        zombie.process(deliveries.poll("a1"));
        List<ConsumerRecord<byte[], byte[]>> paused = deliveries.poll("a2");
        IdempotentConsumer owner = deliveries.consumer(ONCE);
        owner.process(paused);
        owner.process(deliveries.poll("a3"));

        assertThatThrownBy(() -> zombie.process(List.of(Deliveries.record(1, "a", "from a zombie", Deliveries.id()))))
                .isInstanceOf(FencedPollException.class)
                .hasMessageContaining("Another process has moved 1 of 1 partitions on");
        zombie.process(paused);

        assertThat(deliveries.effects()).containsExactly("a1", "a2", "a3");
        assertThat(zombie.stats().fenced()).isEqualTo(1);
    }

    @Test
    void who_takes_over_while_the_zombie_still_works_does_not_wait_and_leaves_out_what_it_did() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        deliveries.besides = message -> {
            entered.countDown();
            mayGoOn.await(30, TimeUnit.SECONDS);
        };
        List<ConsumerRecord<byte[], byte[]>> poll = deliveries.poll("a1");
        CompletableFuture<Void> zombie = CompletableFuture.runAsync(() -> consumer.process(poll));
        entered.await(30, TimeUnit.SECONDS);
        IdempotentConsumer owner = deliveries.consumer(ONCE);
        assertThatThrownBy(() -> owner.process(poll)).isInstanceOf(FencedPollException.class);
        mayGoOn.countDown();

        zombie.get(30, TimeUnit.SECONDS);
        owner.process(poll);
        assertThat(deliveries.effects()).containsExactly("a1");
    }

    @Test
    void what_a_consumer_that_died_had_begun_is_done_by_who_takes_over() {
        List<ConsumerRecord<byte[], byte[]>> poll = deliveries.poll("a1", "a2");
        deliveries.besides = message -> {
            throw new DataAccessResourceFailureException("killed");
        };
        assertThatThrownBy(() -> consumer.process(poll)).hasRootCauseMessage("killed");
        deliveries.besides = message -> {};
        deliveries.consumer(ONCE).process(poll);

        assertThat(deliveries.effects()).containsExactly("a1", "a2");
    }

    @Test
    void who_finds_that_its_place_was_deleted_is_refused_and_then_begins_anew() {
        consumer.process(deliveries.poll("a1"));
        deliveries.database.jdbc().update("delete from saga_inbox_partition");
        List<ConsumerRecord<byte[], byte[]>> poll = deliveries.poll("a2");

        assertThatThrownBy(() -> consumer.process(poll)).isInstanceOf(FencedPollException.class);
        assertThat(deliveries.effects()).containsExactly("a1");
        consumer.process(poll);
        assertThat(deliveries.effects()).containsExactly("a1", "a2");
    }

    @Test
    void while_the_database_is_away_nothing_is_parked_and_the_poll_comes_again() {
        List<ConsumerRecord<byte[], byte[]>> poll = deliveries.poll("a1", "b1");
        deliveries.besides = message -> {
            throw new DataAccessResourceFailureException("away");
        };
        assertThatThrownBy(() -> consumer.process(poll)).hasRootCauseMessage("away");
        deliveries.besides = message -> {};
        consumer.process(poll);

        assertThat(deliveries.effects()).containsExactly("a1", "b1");
        assertThat(deliveries.database.count("saga_inbox_parked")).isZero();
    }

    @Test
    void a_commit_whose_outcome_is_unknown_is_looked_up_and_not_repeated() {
        List<ConsumerRecord<byte[], byte[]>> poll = deliveries.poll("a1");
        List<Runnable> lost = new ArrayList<>();
        lost.add(() -> {
            throw new TransactionSystemException("the connection broke at commit");
        });
        deliveries.besides = message ->
                TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        lost.remove(0).run();
                    }
                });
        assertThatThrownBy(() -> consumer.process(poll)).hasMessageContaining("broke at commit");
        assertThatThrownBy(() -> consumer.process(poll)).isInstanceOf(FencedPollException.class);
        consumer.process(poll);

        assertThat(deliveries.effects()).containsExactly("a1");
    }
}
