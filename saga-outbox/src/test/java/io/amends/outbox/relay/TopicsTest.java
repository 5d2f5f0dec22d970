package io.amends.outbox.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.outbox.LogWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TopicsTest {

    private static final byte[] EMPTY = {};

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
    private final Topics topics = new Topics(Duration.ofSeconds(5), clock::get);
    private final Set<String> absent = new HashSet<>();
    private final List<String> asked = new ArrayList<>();

    @Test
    void an_answer_is_good_for_a_minute_unless_it_is_forgotten() {
        assertThat(sendable("a", "a", "b")).containsExactly("a", "a", "b");
        pass(Duration.ofSeconds(59));
        assertThat(sendable("a")).containsExactly("a");
        assertThat(asked).containsExactly("a", "b");

        pass(Duration.ofSeconds(1));
        sendable("a");
        topics.forget();
        sendable("a");
        assertThat(asked).containsExactly("a", "b", "a", "a");
    }

    @Test
    void a_topic_that_can_not_be_written_is_left_alone_for_a_while_and_then_tried_again() {
        absent.add("gone");
        assertThat(sendable("gone", "a", "gone")).containsExactly("a");
        assertThat(asked).containsExactly("gone", "a");
        assertThat(topics.leftAlone()).containsExactly("gone");

        pass(Duration.ofMillis(4_900));
        assertThat(topics.leftAlone()).containsExactly("gone");
        pass(Duration.ofMillis(100));
        assertThat(topics.leftAlone()).isEmpty();
        absent.clear();
        assertThat(sendable("gone")).containsExactly("gone");
        assertThat(topics.leftAlone()).isEmpty();
    }

    @Test
    void many_topics_that_are_not_there_take_at_most_a_fifth_of_the_time() {
        absent.addAll(List.of("x", "y", "z"));
        sendable("x", "y", "z", "a");
        asked.clear();
        long begun = clock.get();

        for (int turn = 0; turn < 3_000; turn++) {
            List<String> leftAlone = topics.leftAlone();
            List<String> rows = new ArrayList<>(List.of("x", "y", "z", "a"));
            rows.removeAll(leftAlone);
            assertThat(sendable(rows.toArray(String[]::new))).containsExactly("a");
            pass(Duration.ofMillis(10));
        }

        assertThat(asked).contains("x", "y", "z");
        long looks = asked.stream().filter(absent::contains).count();
        assertThat(Duration.ofSeconds(looks)).isLessThanOrEqualTo(Duration.ofNanos((clock.get() - begun) / 5));
    }

    @Test
    void what_stands_in_the_way_is_said_once_and_so_is_that_its_records_go_on() {
        try (LogWatch log = LogWatch.of(Topics.class.getName())) {
            topics.published(rows("gone"));
            topics.withhold("gone", "no such thing.");
            topics.withhold("gone", "no such thing.");
            topics.published(rows("a"));
            pass(Duration.ofSeconds(5));
            topics.leftAlone();
            topics.published(rows("gone", "gone"));
            assertThat(log.lines())
                    .containsExactly(
                            "WARN The records of topic gone wait until it can be written: no such thing. Create the topic, or allow the relay to write it.",
                            "INFO The records of topic gone go on");
        }
    }

    private List<String> sendable(String... names) {
        return topics.sendable(rows(names), this::obstacle).stream()
                .map(OutboxRow::topic)
                .toList();
    }

    /** Takes a second for a topic that is not there, as the client does. */
    private Optional<String> obstacle(String topic) {
        asked.add(topic);
        if (!absent.contains(topic)) {
            return Optional.empty();
        }
        pass(Duration.ofSeconds(1));
        return Optional.of("no such thing.");
    }

    private static List<OutboxRow> rows(String... names) {
        List<OutboxRow> rows = new ArrayList<>();
        for (String name : names) {
            rows.add(new OutboxRow(rows.size(), name, "k", EMPTY, EMPTY));
        }
        return rows;
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }
}
