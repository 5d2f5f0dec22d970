package io.amends.outbox.inbox;

import static io.amends.outbox.inbox.Deliveries.ONCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.outbox.relay.LocalMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Messages that the relay of the same application hands over have their effects once. */
class OutboxConsumerTest {

    private final Deliveries deliveries = new Deliveries();
    private final OutboxConsumer consumer = deliveries.localConsumer(ONCE);

    private static LocalMessage message(long position, String key, String text) {
        return new LocalMessage(position, Deliveries.TOPIC, key, text.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    private static LocalMessage message(long position, String key, String text, String id) {
        return new LocalMessage(
                position,
                Deliveries.TOPIC,
                key,
                text.getBytes(StandardCharsets.UTF_8),
                Map.of("ce_id", id.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void messages_that_are_handed_over_again_are_not_handled_again_with_and_without_an_id_in_any_order() {
        LocalMessage identified = message(7, "a", "identified", Deliveries.id());
        LocalMessage anonymous = message(3, "a", "anonymous");
        consumer.receive(List.of(identified, anonymous));

        deliveries.localConsumer(ONCE).receive(List.of(anonymous, message(2, "b", "late"), identified));

        assertThat(deliveries.effects()).containsExactly("identified", "anonymous", "late");
    }

    @Test
    void what_is_parked_does_not_come_twice_when_it_is_handed_over_again() {
        deliveries.besides = message -> {
            if (Deliveries.text(message).equals("cursed")) {
                throw new IllegalStateException("cursed");
            }
        };
        List<LocalMessage> chunk = List.of(
                message(1, "a", "cursed", Deliveries.id()), message(2, "a", "behind"), message(3, "b", "beside"));
        consumer.receive(chunk);
        consumer.receive(chunk);

        assertThat(deliveries.effects()).containsExactly("beside");
        assertThat(deliveries.database.count("saga_inbox_parked")).isEqualTo(2);
    }

    @Test
    void what_an_operator_has_discarded_is_not_handled_when_it_is_handed_over_again() {
        deliveries.besides = message -> {
            if (Deliveries.text(message).equals("cursed")) {
                throw new IllegalStateException("cursed");
            }
        };
        List<LocalMessage> chunk = List.of(message(1, "a", "cursed"));
        consumer.receive(chunk);
        ParkedMessages parked = new ParkedMessages(
                deliveries.database.jdbc(), new JdbcTransactionManager(deliveries.database.dataSource()));
        parked.discard(parked.all(1).get(0).id(), "ann", "nobody needs it");
        consumer.retries().look();
        deliveries.besides = message -> {};

        consumer.receive(chunk);

        assertThat(deliveries.effects()).isEmpty();
        assertThat(consumer.stats().duplicates()).isEqualTo(1);
    }

    @Test
    void a_former_owner_sets_nothing_aside_that_its_successor_has_taken_meanwhile() {
        LocalMessage first = message(1, "a", "first", Deliveries.id());
        throwOnce();
        OutboxConsumer former =
                pausedBeforeItSetsAside(() -> consumer.receive(List.of(first, message(2, "a", "second"))));

        former.receive(List.of(first));

        assertThat(deliveries.effects()).containsExactly("first", "second");
        assertThat(deliveries.database.count("saga_inbox_parked_key")).isZero();
        assertThat(former.stats().duplicates()).isEqualTo(1);
    }

    @Test
    void a_former_owner_does_not_set_aside_once_more_what_its_successor_has_set_aside() {
        deliveries.besides = message -> {
            throw new IllegalStateException("cursed");
        };
        LocalMessage cursed = message(1, "a", "cursed");
        OutboxConsumer former =
                pausedBeforeItSetsAside(() -> consumer.receive(List.of(cursed, message(2, "a", "behind"))));

        former.receive(List.of(cursed));

        assertThat(deliveries.database.count("saga_inbox_parked")).isEqualTo(2);
        assertThat(deliveries.database.count("saga_inbox")).isZero();
    }

    private void throwOnce() {
        deliveries.besides = message -> {
            deliveries.besides = next -> {};
            throw new IllegalStateException("once");
        };
    }

    /** Between what a handler threw and the note of it, where the length of the wait is drawn. */
    private OutboxConsumer pausedBeforeItSetsAside(Runnable meanwhile) {
        return deliveries.localConsumer(new RetrySettings(2, Duration.ofHours(1), Duration.ofHours(1)), () -> {
            meanwhile.run();
            return 0;
        });
    }

    @Test
    void the_statements_of_a_chunk_do_not_grow_with_it() {
        consumer.receive(List.of(message(1, "a", "a1")));
        deliveries.spy.forget();
        consumer.receive(List.of(message(2, "a", "a2")));
        long ofOne = besidesEffects();
        deliveries.spy.forget();
        consumer.receive(java.util.stream.LongStream.range(3, 203)
                .mapToObj(position -> message(position, "k" + position % 26, "m" + position))
                .toList());

        assertThat(deliveries.effects()).hasSize(202);
        assertThat(besidesEffects()).isEqualTo(ofOne).isEqualTo(2);
    }

    private long besidesEffects() {
        return deliveries.spy.prepared().stream()
                .filter(sql -> !sql.contains("into effect"))
                .count();
    }
}
