package io.amends.outbox.inbox;

import static io.amends.outbox.inbox.Deliveries.ONCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** A message has its effects once. */
class IdempotentConsumerTest {

    private final Deliveries deliveries = new Deliveries();
    private final IdempotentConsumer consumer = deliveries.consumer(ONCE);

    @Test
    void a_message_that_its_sender_repeats_is_handled_once_across_polls_and_in_one_poll() {
        String id = Deliveries.id();
        consumer.process(List.of(Deliveries.record(0, "a", "first", id), Deliveries.record(1, "a", "again", id)));
        consumer.process(
                List.of(Deliveries.record(2, "a", "later", id), Deliveries.record(3, "a", "other", Deliveries.id())));

        assertThat(deliveries.effects()).containsExactly("first", "other");
        assertThat(consumer.stats()).isEqualTo(new InboxStats(2, 2, 0, 0, 0, 0));
    }

    @Test
    void a_poll_that_comes_again_after_a_crash_before_its_offsets_were_committed_is_left_out() {
        List<ConsumerRecord<byte[], byte[]>> poll = deliveries.poll("a1", "b1");
        consumer.process(poll);

        IdempotentConsumer restarted = deliveries.consumer(ONCE);
        restarted.process(poll);
        restarted.process(deliveries.poll("a2"));

        assertThat(deliveries.effects()).containsExactly("a1", "b1", "a2");
        assertThat(restarted.stats().duplicates()).isEqualTo(2);
    }

    @Test
    void records_without_an_id_are_not_handled_again_either_when_they_are_delivered_again() {
        ConsumerRecord<byte[], byte[]> anonymous = Deliveries.record(0, "a", "anonymous", null);
        consumer.process(List.of(anonymous));
        deliveries.consumer(ONCE).process(List.of(anonymous));

        assertThat(deliveries.effects()).containsExactly("anonymous");
        assertThat(deliveries.database.count("saga_inbox")).isZero();
    }

    @Test
    void an_id_of_any_text_will_do() {
        consumer.process(List.of(
                Deliveries.record(0, "a", "first", "order 4711 created"),
                Deliveries.record(1, "a", "again", "order 4711 created"),
                Deliveries.record(2, "a", "other", "order 4712 created")));

        assertThat(deliveries.effects()).containsExactly("first", "other");
    }

    @Test
    void where_more_is_handled_than_the_poll_holds_it_says_where_to_go_on() {
        consumer.process(deliveries.poll("a1", "a2", "a3"));

        assertThat(deliveries.consumer(ONCE).process(List.of(Deliveries.record(0, "a", "a1", Deliveries.id()))))
                .containsExactly(Map.entry(new TopicPartition(Deliveries.TOPIC, 0), 3L));
        assertThat(deliveries.effects()).containsExactly("a1", "a2", "a3");
    }

    @Test
    void a_topic_that_is_made_anew_is_not_taken_for_a_redelivery() {
        consumer.process(List.of(
                Deliveries.record(0, "a", "old 0", Deliveries.id()),
                Deliveries.record(1, "a", "old 1", Deliveries.id())));
        deliveries.topicIds.put(Deliveries.TOPIC, UUID.randomUUID());

        consumer.process(List.of(Deliveries.record(0, "a", "new 0", Deliveries.id())));

        assertThat(deliveries.effects()).containsExactly("old 0", "old 1", "new 0");
    }

    @Test
    void the_statements_of_a_poll_do_not_grow_with_it() {
        consumer.process(deliveries.poll("a1"));
        deliveries.spy.forget();
        consumer.process(deliveries.poll("b1"));
        long ofOne = besidesEffects();
        String[] many = new String[200];
        for (int i = 0; i < many.length; i++) {
            many[i] = (char) ('a' + i % 26) + "-" + i;
        }
        deliveries.spy.forget();
        consumer.process(deliveries.poll(many));

        assertThat(deliveries.effects()).hasSize(202);
        assertThat(besidesEffects()).isEqualTo(ofOne).isEqualTo(3);
    }

    private long besidesEffects() {
        return deliveries.spy.prepared().stream()
                .filter(sql -> !sql.contains("into effect"))
                .count();
    }
}
