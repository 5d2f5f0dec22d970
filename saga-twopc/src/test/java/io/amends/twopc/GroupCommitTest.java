package io.amends.twopc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupCommitTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<List<Integer>> written = new CopyOnWriteArrayList<>();
    private final CountDownLatch firstMayEnd = new CountDownLatch(1);

    @AfterEach
    void end() {
        firstMayEnd.countDown();
        threads.shutdownNow();
    }

    /** The first write lasts until it may end; what is divisible by three is not new. */
    private Set<Integer> write(List<Integer> all, Duration limit) {
        written.add(all);
        if (all.contains(0)) {
            try {
                assertThat(firstMayEnd.await(LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
        return all.stream().filter(number -> number % 3 != 0).collect(Collectors.toSet());
    }

    @Test
    void what_comes_while_one_writes_is_written_together_and_each_learns_its_own() throws Exception {
        GroupCommit<Integer> commits = new GroupCommit<>(this::write);
        Future<Boolean> first = threads.submit(() -> commits.write(0, LIMIT));
        await().atMost(Duration.ofSeconds(30)).until(() -> written.size() == 1);
        List<Future<Boolean>> others = new ArrayList<>();
        for (int number = 1; number <= 5; number++) {
            int mine = number;
            others.add(threads.submit(() -> commits.write(mine, LIMIT)));
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> commits.waiting() == 5);
        firstMayEnd.countDown();

        assertThat(first.get()).isFalse();
        for (int number = 1; number <= 5; number++) {
            assertThat(others.get(number - 1).get()).isEqualTo(number != 3);
        }
        assertThat(written).hasSize(2);
        assertThat(written.get(1)).containsExactlyInAnyOrder(1, 2, 3, 4, 5);
    }

    @Test
    void what_fails_together_is_told_to_each_by_an_exception_of_its_own() throws Exception {
        GroupCommit<Integer> commits = new GroupCommit<>((all, limit) -> {
            write(all, limit);
            if (all.contains(0)) {
                return Set.of();
            }
            throw new DecisionLogException("writing", true, new IOException("cut"));
        });
        threads.submit(() -> commits.write(0, LIMIT));
        await().atMost(Duration.ofSeconds(30)).until(() -> written.size() == 1);
        Future<Boolean> one = threads.submit(() -> commits.write(1, LIMIT));
        Future<Boolean> other = threads.submit(() -> commits.write(2, LIMIT));
        await().atMost(Duration.ofSeconds(30)).until(() -> commits.waiting() == 2);
        firstMayEnd.countDown();

        DecisionLogException ofOne = troubleOf(one);
        DecisionLogException ofOther = troubleOf(other);
        assertThat(ofOne.sent()).isTrue();
        assertThat(ofOther.sent()).isTrue();
        assertThat(ofOne).isNotSameAs(ofOther).hasRootCauseMessage("cut");
    }

    private static DecisionLogException troubleOf(Future<Boolean> write) throws InterruptedException {
        try {
            write.get();
        } catch (ExecutionException thrown) {
            assertThat(thrown).hasCauseInstanceOf(DecisionLogException.class);
            return (DecisionLogException) thrown.getCause();
        }
        throw new AssertionError("It did not fail");
    }

    @Test
    void what_nobody_began_to_write_in_time_was_certainly_not_sent() {
        GroupCommit<Integer> commits = new GroupCommit<>(this::write);
        threads.submit(() -> commits.write(0, LIMIT));
        await().atMost(Duration.ofSeconds(30)).until(() -> written.size() == 1);

        assertThatExceptionOfType(DecisionLogException.class)
                .isThrownBy(() -> commits.write(1, Duration.ofMillis(50)))
                .satisfies(late -> assertThat(late.sent()).isFalse());
        firstMayEnd.countDown();
        await().atMost(Duration.ofSeconds(30)).until(() -> commits.waiting() == 0);
        assertThat(written).containsExactly(List.of(0));
    }

    @Test
    void an_interrupted_thread_writes_for_the_others_too_and_stays_interrupted() throws Exception {
        GroupCommit<Integer> commits = new GroupCommit<>((all, limit) -> {
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            return Set.copyOf(all);
        });
        Future<Boolean> interrupted = threads.submit(() -> {
            Thread.currentThread().interrupt();
            return commits.write(1, LIMIT) && Thread.currentThread().isInterrupted();
        });

        assertThat(interrupted.get()).isTrue();
    }

    /** Many who share each write, and few who mostly find the pen laid down or are about to lay it down. */
    @ParameterizedTest
    @CsvSource({"12, 1000, 20000", "2, 5000, 0", "3, 5000, 0"})
    void whoever_gives_up_or_is_in_a_hurry_no_entry_is_lost_written_twice_or_told_otherwise_than_it_was(
            int writers, int each, long nanosToWrite) throws Exception {
        Set<Integer> inTheLog = ConcurrentHashMap.newKeySet();
        AtomicInteger atOnce = new AtomicInteger();
        GroupCommit<Integer> commits = new GroupCommit<>((all, limit) -> {
            assertThat(atOnce.incrementAndGet()).as("writers at once").isEqualTo(1);
            Set<Integer> news = all.stream().filter(inTheLog::add).collect(Collectors.toSet());
            assertThat(news).as("written for the first time").hasSize(all.size());
            if (nanosToWrite > 0) {
                LockSupport.parkNanos(nanosToWrite);
            }
            atOnce.decrementAndGet();
            return news;
        });
        List<Future<Integer>> ends = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            int first = writer * each;
            ends.add(threads.submit(() -> {
                int late = 0;
                for (int number = first; number < first + each; number++) {
                    // Every other one gives up about when its turn comes.
                    Duration limit = number % 2 == 0 ? LIMIT : Duration.ofNanos(number % 97 * 1_000L);
                    try {
                        assertThat(commits.write(number, limit)).isTrue();
                        assertThat(inTheLog).contains(number);
                    } catch (DecisionLogException over) {
                        late++;
                        assertThat(number % 2).isEqualTo(1);
                        if (!over.sent()) {
                            assertThat(inTheLog).doesNotContain(number);
                        }
                    }
                }
                return late;
            }));
        }

        int late = 0;
        for (Future<Integer> end : ends) {
            late += end.get(60, TimeUnit.SECONDS);
        }
        assertThat(late).as("some did not give up").isLessThan(writers * each / 2);
        assertThat(commits.waiting()).isZero();
        assertThat(commits.write(-1, LIMIT)).as("nobody kept the pen").isTrue();
    }
}
