package io.amends.outbox.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class ChunkTest {

    private static final Patience LATER = Patience.of(Duration.ofMinutes(5), () -> true);

    @Test
    void of_each_key_only_what_comes_before_its_first_gap_counts_as_published() {
        Chunk chunk = chunk("a/1", "a/2", "a/1", "b/1", "a/1", "a/2");
        acknowledge(chunk, 0, 1, 3, 4, 5);
        assertThat(chunk.acknowledged()).containsExactly(0L, 1L, 3L, 5L);
        assertThat(chunk.isAcknowledged()).isFalse();
        assertThat(chunk.unacknowledgedTopics()).containsExactly("a");

        acknowledge(chunk, 2);
        assertThat(chunk.acknowledged()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(chunk.isAcknowledged()).isTrue();
    }

    @Test
    void the_first_failure_is_the_one_that_counts() throws InterruptedException {
        Chunk chunk = chunk("a/1", "a/2");
        IllegalStateException first = new IllegalStateException("first");
        assertThat(chunk.fail(row(1, "a/2"), first)).isTrue();
        assertThat(chunk.fail(row(0, "a/1"), new IllegalStateException("second")))
                .isFalse();
        assertThat(chunk.failure()).isEqualTo(new Publisher.Failure(row(1, "a/2"), first));
        assertThat(chunk.awaitAcknowledged(0, LATER)).isFalse();
        chunk.awaitEnd(LATER, () -> false);
    }

    @Test
    void that_the_client_takes_no_more_rows_counts_only_until_it_says_which_row_failed() {
        Chunk chunk = chunk("a/1", "a/2", "a/3");
        chunk.stop(row(2, "a/3"), new IllegalStateException("in an error state"));
        assertThat(chunk.failure())
                .isNotNull()
                .extracting(Publisher.Failure::row)
                .isEqualTo(row(2, "a/3"));
        assertThat(chunk.fail(row(1, "a/2"), new IllegalStateException("refused")))
                .isTrue();
        chunk.stop(row(2, "a/3"), new IllegalStateException("in an error state"));
        assertThat(chunk.fail(row(0, "a/1"), new IllegalStateException("later")))
                .isFalse();
        assertThat(chunk.failure())
                .isNotNull()
                .extracting(Publisher.Failure::row)
                .isEqualTo(row(1, "a/2"));
    }

    @Test
    void a_chunk_that_was_dropped_has_no_failure() {
        Chunk chunk = chunk("a/1");
        chunk.drop();
        assertThat(chunk.fail(row(0, "a/1"), new IllegalStateException("closed")))
                .isFalse();
        assertThat(chunk.failure()).isNull();
    }

    @Test
    void waiting_ends_when_there_is_no_more_time() throws InterruptedException {
        Chunk late = chunk("a/1");
        late.awaitEnd(Patience.of(Duration.ZERO, () -> true), () -> false);
        assertThat(late.failure())
                .isNotNull()
                .satisfies(failure -> assertThat(failure.cause())
                        .isInstanceOf(TimeoutException.class)
                        .hasMessageContaining("not acknowledged a chunk in time"));
    }

    @Test
    void waiting_ends_when_it_may_not_go_on() throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        Chunk chunk = chunk("a/1");
        Patience impatient = new Patience(LATER.deadline(), () -> asked.incrementAndGet() < 3);
        assertThat(chunk.awaitAcknowledged(0, impatient)).isFalse();
        assertThat(chunk.failure())
                .isNotNull()
                .satisfies(failure -> assertThat(failure.cause())
                        .hasMessageContaining("the lease could not be kept or the relay stops"));
    }

    @Test
    void waiting_in_vain_ends_without_a_failure() throws InterruptedException {
        Chunk chunk = chunk("a/1");
        chunk.awaitEnd(LATER, () -> true);
        assertThat(chunk.failure()).isNull();
        assertThat(chunk.acknowledged()).isEmpty();
    }

    @Test
    void waiting_ends_with_the_last_acknowledgement() throws InterruptedException {
        Chunk chunk = chunk("a/1", "a/1");
        Thread acknowledging = new Thread(() -> acknowledge(chunk, 0, 1));
        acknowledging.start();
        assertThat(chunk.awaitAcknowledged(0, LATER)).isTrue();
        chunk.awaitEnd(LATER, () -> false);
        assertThat(chunk.isAcknowledged()).isTrue();
        assertThat(chunk.failure()).isNull();
        acknowledging.join();
    }

    private static Chunk chunk(String... rows) {
        List<OutboxRow> list =
                IntStream.range(0, rows.length).mapToObj(i -> row(i, rows[i])).toList();
        return new Chunk(list, () -> {});
    }

    private static OutboxRow row(int position, String topicAndKey) {
        String[] parts = topicAndKey.split("/", -1);
        return new OutboxRow(position, parts[0], parts[1], EMPTY, EMPTY);
    }

    private static final byte[] EMPTY = {};

    private static void acknowledge(Chunk chunk, int... indexes) {
        Arrays.stream(indexes).forEach(chunk::acknowledge);
    }
}
