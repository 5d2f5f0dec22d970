package io.amends.outbox.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.outbox.LogWatch;
import io.amends.outbox.relay.Publisher.Obstacle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TopicsTest {

    private static final Obstacle ABSENT = new Obstacle("UNKNOWN_TOPIC", "no such thing.");

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
    private final Topics topics = new Topics(clock::get);
    private final Set<String> absent = new HashSet<>();
    private final List<String> asked = new ArrayList<>();

    @Test
    void an_answer_is_good_for_a_minute_unless_it_is_forgotten() {
        assertThat(obstacle("a")).isEmpty();
        assertThat(obstacle("b")).isEmpty();
        pass(Duration.ofSeconds(59));
        assertThat(obstacle("a")).isEmpty();
        assertThat(asked).containsExactly("a", "b");

        pass(Duration.ofSeconds(1));
        obstacle("a");
        topics.forget();
        obstacle("a");
        assertThat(asked).containsExactly("a", "b", "a", "a");
    }

    @Test
    void a_topic_that_can_not_be_written_is_not_asked_about_again_by_a_lane_until_it_is_opened() {
        absent.add("gone");
        assertThat(obstacle("gone")).contains(ABSENT);
        pass(Duration.ofDays(1));
        topics.forget();
        assertThat(obstacle("gone")).contains(ABSENT);
        assertThat(asked).containsExactly("gone");
        assertThat(topics.closed()).containsExactly("gone");

        topics.open("gone");
        assertThat(obstacle("gone")).isEmpty();
        assertThat(topics.closed()).isEmpty();
        assertThat(asked).containsExactly("gone");
    }

    @Test
    void an_obstacle_that_passes_by_itself_closes_nothing() {
        Obstacle passing = new Obstacle(null, "no leader yet");
        assertThat(topics.obstacle("a", topic -> Optional.of(passing))).contains(passing);
        assertThat(topics.closed()).isEmpty();
        assertThat(obstacle("a")).isEmpty();
    }

    @Test
    void what_stands_in_the_way_is_said_once_and_so_is_that_its_records_go_on() {
        try (LogWatch log = LogWatch.of(Topics.class.getName())) {
            topics.open("gone");
            topics.close("gone", ABSENT);
            topics.close("gone", ABSENT);
            topics.open("gone");
            topics.open("gone");
            assertThat(log.lines())
                    .containsExactly(
                            "WARN The records of topic gone are parked until it can be written (UNKNOWN_TOPIC): no such thing. Create the topic, or allow the relay to write it; they go on by themselves.",
                            "INFO The records of topic gone go on");
        }
    }

    private Optional<Obstacle> obstacle(String name) {
        return topics.obstacle(name, topic -> {
            asked.add(topic);
            return absent.contains(topic) ? Optional.of(ABSENT) : Optional.empty();
        });
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }
}
