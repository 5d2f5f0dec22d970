package io.amends.twopc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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
        await().until(() -> written.size() == 1);
        List<Future<Boolean>> others = new ArrayList<>();
        for (int number = 1; number <= 5; number++) {
            int mine = number;
            others.add(threads.submit(() -> commits.write(mine, LIMIT)));
        }
        await().until(() -> commits.waiting() == 5);
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
        await().until(() -> written.size() == 1);
        Future<Boolean> one = threads.submit(() -> commits.write(1, LIMIT));
        Future<Boolean> other = threads.submit(() -> commits.write(2, LIMIT));
        await().until(() -> commits.waiting() == 2);
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
        await().until(() -> written.size() == 1);

        assertThatExceptionOfType(DecisionLogException.class)
                .isThrownBy(() -> commits.write(1, Duration.ofMillis(50)))
                .satisfies(late -> assertThat(late.sent()).isFalse());
        firstMayEnd.countDown();
        await().until(() -> commits.waiting() == 0);
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
}
