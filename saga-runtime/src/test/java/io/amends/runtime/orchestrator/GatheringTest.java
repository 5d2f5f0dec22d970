package io.amends.runtime.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.amends.runtime.Background;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GatheringTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final List<List<String>> done = new CopyOnWriteArrayList<>();
    private final CountDownLatch mayGoOn = new CountDownLatch(1);
    private final List<Thread> callers = new CopyOnWriteArrayList<>();
    private final List<String> interrupted = new CopyOnWriteArrayList<>();

    @Test
    void who_comes_alone_begins_at_once_and_is_alone() {
        mayGoOn.countDown();
        Gathering<String, String> gathering = gathering(10, 1_000, LONG);
        assertThat(gathering.join("a")).contains("a done");
        assertThat(gathering.join("b")).contains("b done");
        assertThat(done).containsExactly(List.of("a"), List.of("b"));
    }

    @Test
    void what_comes_meanwhile_is_done_together_next_and_each_gets_its_own_result() throws Exception {
        Gathering<String, String> gathering = gathering(10, 1_000, LONG);
        List<CompletableFuture<Optional<String>>> joined = joinOneByOne(gathering, "a", "b", "c", "d");
        mayGoOn.countDown();

        assertThat(results(joined)).containsExactly("a done", "b done", "c done", "d done");
        assertThat(done).containsExactly(List.of("a"), List.of("b", "c", "d"));
    }

    @Test
    void no_more_are_done_together_than_the_limits_allow() throws Exception {
        Gathering<String, String> gathering = gathering(2, 4, LONG);
        List<CompletableFuture<Optional<String>>> joined =
                joinOneByOne(gathering, "a", "b", "c", "d", "fff", "gg", "heavy");
        mayGoOn.countDown();

        assertThat(results(joined)).hasSize(7);
        assertThat(done)
                .containsExactly(List.of("a"), List.of("b", "c"), List.of("d", "fff"), List.of("gg"), List.of("heavy"));
    }

    @Test
    void what_fails_together_is_left_to_each() throws Exception {
        Gathering<String, String> gathering = gathering(10, 1_000, LONG);
        List<CompletableFuture<Optional<String>>> joined = joinOneByOne(gathering, "a", "bad", "c");
        mayGoOn.countDown();

        assertThat(results(joined)).containsExactly("a done", "alone", "alone");
        assertThat(gathering.join("e")).contains("e done");
    }

    @Test
    void who_fails_alone_gets_what_was_thrown_and_the_next_is_not_affected() {
        mayGoOn.countDown();
        Gathering<String, String> gathering = gathering(10, 1_000, LONG);
        assertThatThrownBy(() -> gathering.join("bad")).hasMessage("bad luck");
        assertThat(gathering.join("b")).contains("b done");
    }

    @Test
    void while_one_hangs_the_others_are_left_alone_after_a_while() throws Exception {
        Gathering<String, String> gathering = gathering(10, 1_000, Duration.ofMillis(10));
        CompletableFuture<Optional<String>> hanging = join(gathering, "hangs");
        await().atMost(Duration.ofSeconds(30)).until(() -> done.size() == 1);
        assertThat(gathering.join("b")).isEmpty();
        mayGoOn.countDown();

        assertThat(hanging.get(20, TimeUnit.SECONDS)).contains("hangs done");
        assertThat(gathering.join("c")).contains("c done");
        assertThat(done).containsExactly(List.of("hangs"), List.of("c"));
    }

    @Test
    void an_interrupted_caller_still_gets_its_result_and_stays_interrupted() throws Exception {
        Gathering<String, String> gathering = gathering(10, 1_000, LONG);
        List<CompletableFuture<Optional<String>>> joined = joinOneByOne(gathering, "a", "b");
        callers.get(1).interrupt();
        mayGoOn.countDown();

        assertThat(results(joined)).containsExactly("a done", "b done");
        assertThat(interrupted).containsExactly("b");
    }

    @Test
    void one_that_is_interrupted_already_leads_without_it_and_stays_interrupted() {
        mayGoOn.countDown();
        Gathering<String, String> gathering = gathering(10, 1_000, LONG);
        Thread.currentThread().interrupt();
        Optional<String> joined = gathering.join("a");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(joined).contains("a done");
    }

    @Test
    void many_threads_get_all_done_once() throws Exception {
        mayGoOn.countDown();
        Gathering<String, String> gathering = gathering(7, 1_000, LONG);
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            int number = thread;
            threads.add(Background.run(() -> {
                for (int i = 0; i < 500; i++) {
                    String thing = number + "." + i;
                    assertThat(gathering.join(thing)).contains(thing + " done");
                }
            }));
        }
        CompletableFuture.allOf(threads.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        assertThat(done.stream().flatMap(List::stream).toList()).hasSize(4_000).doesNotHaveDuplicates();
    }

    private Gathering<String, String> gathering(int most, long weight, Duration patience) {
        return new Gathering<>(new Gathering.Limits(most, weight, patience), String::length, things -> {
            done.add(things);
            try {
                assertThat(mayGoOn.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            if (things.contains("bad")) {
                throw new IllegalArgumentException("bad luck");
            }
            return things.stream().map(thing -> thing + " done").toList();
        });
    }

    /** The first is under way, the others wait behind it in this order. */
    private List<CompletableFuture<Optional<String>>> joinOneByOne(
            Gathering<String, String> gathering, String... things) {
        List<CompletableFuture<Optional<String>>> joined = new ArrayList<>();
        for (String thing : things) {
            joined.add(join(gathering, thing));
            await().atMost(LONG)
                    .until(() -> callers.size() == joined.size()
                            && callers.get(joined.size() - 1).getState() == Thread.State.TIMED_WAITING);
        }
        return joined;
    }

    private CompletableFuture<Optional<String>> join(Gathering<String, String> gathering, String thing) {
        CompletableFuture<Optional<String>> result = new CompletableFuture<>();
        Background.run(() -> {
            callers.add(Thread.currentThread());
            try {
                Optional<String> joined = gathering.join(thing);
                if (Thread.currentThread().isInterrupted()) {
                    interrupted.add(thing);
                }
                result.complete(joined);
            } catch (RuntimeException thrown) {
                result.completeExceptionally(thrown);
            }
        });
        return result;
    }

    private static List<String> results(List<CompletableFuture<Optional<String>>> joined) throws Exception {
        List<String> results = new ArrayList<>();
        for (CompletableFuture<Optional<String>> each : joined) {
            results.add(each.get(20, TimeUnit.SECONDS).orElse("alone"));
        }
        return results;
    }
}
