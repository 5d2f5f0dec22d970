package io.amends.outbox.inbox;

import static io.amends.outbox.inbox.Deliveries.ONCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.outbox.LogWatch;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What becomes of messages whose handler throws, and of those behind them. */
class ParkedMessagesTest {

    private static final RetrySettings THRICE = new RetrySettings(3, Duration.ZERO, Duration.ZERO);

    private final Deliveries deliveries = new Deliveries();
    private final IdempotentConsumer consumer = deliveries.consumer(ONCE);

    @Test
    void poison_is_parked_with_its_key_while_other_keys_flow_and_the_partition_moves_on() {
        deliveries.besides = poison("a1");
        consumer.process(deliveries.poll("b1", "a1", "b2", "a2"));
        consumer.process(deliveries.poll("a3", "b3", "a4"));

        assertThat(deliveries.effects()).containsExactly("b1", "b2", "b3");
        assertThat(parked().all(10)).singleElement().satisfies(message -> {
            assertThat(message.consumer()).isEqualTo("billing");
            assertThat(message.offset()).isEqualTo(1);
            assertThat(message.attempts()).isEqualTo(1);
            assertThat(message.waiting()).isEqualTo(3);
            assertThat(message.nextAttemptAt()).isNull();
            assertThat(message.reason()).contains("poison a1");
        });
        assertThat(consumer.stats()).isEqualTo(new InboxStats(3, 0, 1, 0, 1, 0));
    }

    @Test
    void what_a_handler_throws_is_in_the_table_and_in_no_log_which_names_its_class_and_place() {
        IdempotentConsumer patient = deliveries.consumer(THRICE);
        deliveries.besides = poison("secret-a1");
        try (LogWatch log = LogWatch.of("ROOT")) {
            patient.process(deliveries.poll("secret-a1", "b1"));
            patient.retries().look();
            patient.retries().look();

            assertThat(log.lines())
                    .hasSize(4)
                    .noneMatch(line -> line.contains("secret"))
                    .allMatch(line -> line.contains("IllegalStateException at "));
            assertThat(log.lines().subList(1, 4)).allMatch(line -> line.contains("saga_inbox_parked"));
        }
        assertThat(parked().all(10))
                .singleElement()
                .satisfies(message -> assertThat(message.reason()).contains("secret-a1"));
    }

    @Test
    void nobody_waits_behind_a_parked_message_without_a_key() {
        deliveries.besides = poison("first");
        consumer.process(List.of(
                Deliveries.record(0, null, "first", Deliveries.id()),
                Deliveries.record(1, null, "second", Deliveries.id())));

        assertThat(deliveries.effects()).containsExactly("second");
    }

    @Test
    void a_message_that_throws_is_tried_again_before_it_is_parked_and_its_key_waits() {
        IdempotentConsumer patient = deliveries.consumer(THRICE);
        deliveries.besides = poison("a1");
        patient.process(deliveries.poll("a1", "a2", "b1"));
        patient.retries().look();
        assertThat(parked().all(10)).singleElement().satisfies(message -> {
            assertThat(message.attempts()).isEqualTo(2);
            assertThat(message.nextAttemptAt()).isNotNull();
        });
        patient.retries().look();
        assertThat(parked().all(10)).singleElement().satisfies(message -> {
            assertThat(message.attempts()).isEqualTo(3);
            assertThat(message.nextAttemptAt()).isNull();
        });
        assertThat(patient.retries().look()).isZero();
        assertThat(deliveries.effects()).containsExactly("b1");
        assertThat(patient.stats()).isEqualTo(new InboxStats(1, 0, 1, 2, 1, 0));
    }

    @Test
    void a_message_that_throws_once_is_handled_at_its_second_attempt_and_then_those_behind_it() {
        IdempotentConsumer patient = deliveries.consumer(THRICE);
        deliveries.besides = poison("a1");
        patient.process(deliveries.poll("a1", "b1", "a2"));
        deliveries.besides = message -> {};
        patient.retries().look();

        assertThat(deliveries.effects()).containsExactly("b1", "a1", "a2");
        assertThat(deliveries.database.count("saga_inbox_parked_key")).isZero();
    }

    @Test
    void a_message_that_its_handler_calls_unprocessable_is_parked_at_once() {
        IdempotentConsumer patient = deliveries.consumer(THRICE);
        deliveries.besides = message -> {
            throw new UnprocessableMessageException("no such order");
        };
        patient.process(deliveries.poll("a1"));

        assertThat(parked().all(10)).singleElement().satisfies(message -> {
            assertThat(message.nextAttemptAt()).isNull();
            assertThat(message.reason()).contains("no such order");
        });
    }

    @Test
    void a_retry_handles_the_parked_message_and_those_behind_it_in_order_and_then_the_key_flows_again() {
        deliveries.besides = poison("a1");
        consumer.process(deliveries.poll("a1", "a2", "b1"));
        consumer.process(deliveries.poll("a3"));
        deliveries.besides = message -> {};
        parked().retry(first(), "ann", "the bank is back");
        consumer.process(deliveries.poll("a4"));
        consumer.retries().look();
        consumer.process(deliveries.poll("a5"));

        assertThat(deliveries.effects()).containsExactly("b1", "a1", "a2", "a3", "a4", "a5");
        assertThat(deliveries.database.count("saga_inbox_parked_key")).isZero();
        assertThat(deliveries.database.count("saga_inbox_parked")).isZero();
    }

    @Test
    void a_discarded_message_is_dropped_and_those_behind_it_are_handled_in_order() {
        deliveries.besides = poison("a1");
        consumer.process(deliveries.poll("a1", "a2", "a3"));
        parked().discard(first(), "ann", "a test order");
        consumer.retries().look();

        assertThat(deliveries.effects()).containsExactly("a2", "a3");
        assertThat(deliveries.database.count("saga_inbox_parked_key")).isZero();
    }

    @Test
    void only_the_first_message_of_a_key_can_be_dropped() {
        deliveries.besides = poison("a1");
        consumer.process(deliveries.poll("a1", "a2"));

        assertThatThrownBy(() -> parked().discard(first() + 1, "ann", "in the way"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not the first of its key");
    }

    @Test
    void a_repeat_of_a_parked_message_is_recognised_when_its_turn_comes() {
        String id = Deliveries.id();
        deliveries.besides = poison("first");
        consumer.process(List.of(Deliveries.record(0, "a", "first", id), Deliveries.record(1, "a", "again", id)));
        deliveries.besides = message -> {};
        parked().retry(first(), "ann", "mended");
        consumer.retries().look();

        assertThat(deliveries.effects()).containsExactly("first");
        assertThat(consumer.stats().duplicates()).isEqualTo(1);
    }

    @Test
    void a_record_that_comes_while_the_last_parked_one_of_its_key_is_tried_stays_behind_it() throws Exception {
        deliveries.besides = poison("a1");
        consumer.process(deliveries.poll("a1"));
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        AtomicBoolean first = new AtomicBoolean(true);
        deliveries.besides = message -> {
            if (first.getAndSet(false)) {
                entered.countDown();
                mayGoOn.await(30, TimeUnit.SECONDS);
            }
        };
        parked().retry(first(), "ann", "mended");
        CompletableFuture<Integer> retrying =
                CompletableFuture.supplyAsync(() -> consumer.retries().look());
        entered.await(30, TimeUnit.SECONDS);
        consumer.process(deliveries.poll("a2", "b1"));
        assertThat(deliveries.effects()).containsExactly("b1");
        mayGoOn.countDown();
        retrying.get(30, TimeUnit.SECONDS);

        assertThat(deliveries.effects())
                .containsExactlyInAnyOrder("a1", "a2", "b1")
                .containsSubsequence("a1", "a2");
    }

    @Test
    void a_verb_does_not_wait_for_an_attempt_that_is_under_way() throws Exception {
        IdempotentConsumer patient = deliveries.consumer(THRICE);
        deliveries.besides = poison("a1");
        patient.process(deliveries.poll("a1"));
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        deliveries.besides = message -> {
            entered.countDown();
            mayGoOn.await(30, TimeUnit.SECONDS);
        };
        CompletableFuture<Integer> trying =
                CompletableFuture.supplyAsync(() -> patient.retries().look());
        entered.await(30, TimeUnit.SECONDS);
        long first = first();
        assertThatThrownBy(() -> parked().discard(first, "ann", "in the way"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is being tried at this moment");
        mayGoOn.countDown();
        trying.get(30, TimeUnit.SECONDS);

        assertThat(deliveries.effects()).containsExactly("a1");
    }

    @Test
    void verbs_are_recorded_with_who_and_why() {
        deliveries.besides = poison("a1");
        consumer.process(deliveries.poll("a1"));
        parked().retry(first(), "ann", "the bank is back");
        parked().discard(first(), "bob", "a test order");

        assertThat(deliveries
                        .database
                        .jdbc()
                        .queryForList(
                                "select verb || ' ' || actor || ': ' || why || ' ' || record_offset from saga_inbox_audit order by id",
                                String.class))
                .containsExactly("retry ann: the bank is back 0", "discard bob: a test order 0");
        assertThatThrownBy(() -> parked().discard(4711, "bob", "gone"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Message 4711 is not set aside");
        assertThatThrownBy(() -> parked().discard(1, "bob", " "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Say who");
    }

    private static MessageHandler poison(String text) {
        return message -> {
            if (Deliveries.text(message).equals(text)) {
                throw new IllegalStateException("poison " + text);
            }
        };
    }

    private ParkedMessages parked() {
        return new ParkedMessages(
                deliveries.database.jdbc(), deliveries.database.transaction().getTransactionManager());
    }

    private long first() {
        return parked().all(1).get(0).id();
    }
}
