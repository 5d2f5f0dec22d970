package io.amends.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.Test;

/** What the next process is given when a consumer stops or another one joins, on a real broker. */
class KafkaInboundTakeoverTest extends InboundFixture {

    @Test
    void what_was_not_committed_is_delivered_again_to_the_next_process() throws Exception {
        produce("a", "b");
        trouble.set(new IllegalStateException("killed"));
        KafkaInbound first = open(this::noteOrThrow);
        await().atMost(LIMIT).until(() -> !polls.isEmpty());
        first.stop(LIMIT);
        assertThat(first.isRunning()).isFalse();
        polls.clear();
        trouble.set(null);
        open(this::noteOrThrow);
        await().atMost(LIMIT).until(() -> committed() == 2);
        assertThat(values(records())).containsExactly("a", "b");
    }

    @Test
    void what_was_committed_is_not_delivered_again_to_the_next_process() throws Exception {
        produce("a", "b");
        KafkaInbound first = open(this::note);
        await().atMost(LIMIT).until(() -> committed() == 2);
        first.stop(LIMIT);
        produce("c");
        open(this::note);
        await().atMost(LIMIT).until(() -> committed() == 3);
        assertThat(values(records())).containsExactly("a", "b", "c");
    }

    @Test
    void stopping_waits_for_the_poll_that_is_under_way_and_commits_it() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch mayReturn = new CountDownLatch(1);
        KafkaInbound inbound = open(records -> {
            entered.countDown();
            pass(mayReturn);
        });
        produce("a");
        pass(entered);
        Thread stopping = new Thread(() -> inbound.stop(LIMIT));
        stopping.start();
        await().atMost(LIMIT).until(() -> stopping.getState() == Thread.State.TIMED_WAITING);
        mayReturn.countDown();
        stopping.join(LIMIT.toMillis());
        assertThat(stopping.isAlive()).isFalse();
        assertThat(committed()).isEqualTo(1);
    }

    @Test
    void who_takes_a_partition_over_goes_on_after_the_last_poll_of_the_other() throws Exception {
        open(this::note);
        produce("a");
        await().atMost(LIMIT).until(() -> !polls.isEmpty());
        produce("b", "c");
        await().atMost(LIMIT).until(() -> records().size() == 3);
        opened.get(0).stop(LIMIT);
        assertThat(committed()).isEqualTo(3);
        open(this::note);
        produce("d");
        await().atMost(LIMIT).until(() -> committed() == 4);
        assertThat(values(records())).containsExactly("a", "b", "c", "d");
    }

    @Test
    void a_rebalance_delivers_nothing_twice() throws Exception {
        try (Admin admin = Admin.create(servers)) {
            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(2)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        open(this::note);
        produce("a");
        await().atMost(LIMIT).until(() -> !polls.isEmpty());
        open(this::note);
        int sent = 1;
        while (readers() < 2) {
            produce("v" + sent++);
        }
        int all = sent;
        await().atMost(LIMIT).until(() -> committed() == all);

        assertThat(values(records())).doesNotHaveDuplicates().hasSize(all);
    }

    /** How many consumers have partitions of the topic. */
    private long readers() throws Exception {
        try (Admin admin = Admin.create(servers)) {
            return admin
                    .describeConsumerGroups(List.of(topic))
                    .all()
                    .get(30, TimeUnit.SECONDS)
                    .get(topic)
                    .members()
                    .stream()
                    .filter(member -> !member.assignment().topicPartitions().isEmpty())
                    .count();
        }
    }
}
