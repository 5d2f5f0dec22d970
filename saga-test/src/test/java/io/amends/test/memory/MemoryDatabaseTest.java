package io.amends.test.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.amends.test.memory.MemoryDatabase.Point;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What the suites of the stores do not show of the transactions in memory. */
class MemoryDatabaseTest {

    private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

    private final MemoryDatabase database = new MemoryDatabase("bank", InstantSource.fixed(NOON));
    private final MemoryTable<String, Integer> accounts = database.table("account");
    private final TransactionTemplate transaction = new TransactionTemplate(database.transactions());
    private final TransactionTemplate own = with(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    private final TransactionTemplate nested = with(TransactionDefinition.PROPAGATION_NESTED);

    private TransactionTemplate with(int propagation) {
        TransactionTemplate template = new TransactionTemplate(database.transactions());
        template.setPropagationBehavior(propagation);
        return template;
    }

    private void run(Runnable work) {
        transaction.executeWithoutResult(status -> work.run());
    }

    private <T> CompletableFuture<T> elsewhere(Supplier<T> work) {
        return CompletableFuture.supplyAsync(
                () -> transaction.execute(status -> work.get()), task -> new Thread(task, "elsewhere").start());
    }

    private static <T> T outcome(CompletableFuture<T> other) {
        return other.orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static void waits(CompletableFuture<?> other) {
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> other.get(100, TimeUnit.MILLISECONDS));
    }

    @Test
    void it_has_the_clock_that_it_was_given() {
        assertThat(database.now()).isEqualTo(NOON);
    }

    @Test
    void without_a_transaction_each_change_is_one_of_its_own() {
        accounts.put("alice", 1);

        assertThat(accounts.insert("alice", 2)).isFalse();
        assertThat(accounts.get("alice")).contains(1);
        accounts.remove("alice");
        assertThat(accounts.values()).isEmpty();
        assertThat(accounts.toString()).isEqualTo("bank.account");
    }

    @Test
    void a_transaction_sees_its_own_changes_and_others_do_not() {
        accounts.put("alice", 1);
        accounts.put("bob", 2);

        run(() -> {
            accounts.put("alice", 5);
            accounts.remove("bob");
            accounts.put("carol", 3);
            assertThat(accounts.values()).containsExactly(5, 3);
            assertThat(accounts.get("bob")).isEmpty();
            assertThat(outcome(elsewhere(accounts::values))).containsExactly(1, 2);
        });

        assertThat(accounts.entries()).containsExactly(Map.entry("alice", 5), Map.entry("carol", 3));
    }

    @Test
    void what_another_transaction_committed_meanwhile_is_seen() {
        accounts.put("alice", 1);

        run(() -> {
            assertThat(accounts.get("alice")).contains(1);
            own.executeWithoutResult(status -> accounts.put("alice", 2));
            assertThat(accounts.get("alice")).contains(2);
        });
    }

    @Test
    void a_suspended_transaction_goes_on_where_it_was() {
        run(() -> {
            accounts.put("alice", 1);
            own.executeWithoutResult(status -> {
                assertThat(accounts.get("alice")).isEmpty();
                accounts.put("bob", 2);
                status.setRollbackOnly();
            });
            assertThat(accounts.values()).containsExactly(1);
        });

        assertThat(accounts.values()).containsExactly(1);
    }

    @Test
    void a_nested_transaction_that_throws_undoes_its_own_changes_only() {
        run(() -> {
            accounts.put("alice", 1);
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> nested.executeWithoutResult(status -> {
                        accounts.put("alice", 2);
                        accounts.put("bob", 2);
                        throw new IllegalStateException("no");
                    }));
            assertThat(accounts.values()).containsExactly(1);
        });

        assertThat(accounts.values()).containsExactly(1);
    }

    @Test
    void a_joined_transaction_that_throws_dooms_all_of_it() {
        assertThatExceptionOfType(UnexpectedRollbackException.class)
                .isThrownBy(() -> run(() -> {
                    accounts.put("alice", 1);
                    joinedThatThrows();
                }));

        assertThat(accounts.values()).isEmpty();
    }

    private void joinedThatThrows() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> run(() -> {
                    throw new IllegalStateException("no");
                }));
    }

    @Test
    void what_a_joined_transaction_doomed_behind_a_savepoint_ends_there() {
        run(() -> {
            accounts.put("alice", 1);
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> nested.executeWithoutResult(status -> {
                        accounts.put("bob", 2);
                        joinedThatThrows();
                        throw new IllegalStateException("so does the handler");
                    }));
        });

        assertThat(accounts.values()).containsExactly(1);
    }

    @Test
    void a_changed_row_is_locked_until_its_transaction_ends() {
        accounts.put("alice", 1);

        CompletableFuture<Boolean> other = transaction.execute(status -> {
            accounts.put("alice", 10);
            CompletableFuture<Boolean> second = elsewhere(() -> {
                accounts.put("alice", accounts.lock("alice").orElseThrow() + 1);
                return true;
            });
            waits(second);
            return second;
        });

        outcome(other);
        assertThat(accounts.get("alice")).contains(11);
    }

    @Test
    void who_waited_for_a_row_that_is_removed_finds_none() {
        accounts.put("alice", 1);

        CompletableFuture<Optional<Integer>> other = transaction.execute(status -> {
            accounts.remove("alice");
            CompletableFuture<Optional<Integer>> second = elsewhere(() -> accounts.lock("alice"));
            waits(second);
            return second;
        });

        assertThat(outcome(other)).isEmpty();
    }

    @Test
    void a_row_that_is_not_committed_is_not_there_for_others_to_lock_or_remove() {
        run(() -> {
            accounts.put("alice", 1);
            assertThat(outcome(elsewhere(() -> accounts.lock("alice")))).isEmpty();
            assertThat(outcome(elsewhere(() -> accounts.lockUnlessLocked("alice"))))
                    .isEmpty();
            outcome(elsewhere(() -> {
                accounts.remove("alice");
                return true;
            }));
        });

        assertThat(accounts.get("alice")).contains(1);
    }

    @Test
    void who_looks_for_a_row_that_is_not_there_locks_nothing() {
        run(() -> {
            assertThat(accounts.lock("alice")).isEmpty();
            assertThat(accounts.lockUnlessLocked("alice")).isEmpty();
            accounts.remove("alice");
            assertThat(outcome(elsewhere(() -> accounts.insert("alice", 1)))).isTrue();
            assertThat(accounts.insert("alice", 2)).isFalse();
            assertThat(outcome(elsewhere(() -> accounts.lock("alice")))).contains(1);
        });
    }

    @Test
    void a_return_to_a_savepoint_frees_what_was_locked_since() {
        accounts.put("alice", 1);
        accounts.put("bob", 1);

        run(() -> {
            accounts.lock("alice");
            nested.executeWithoutResult(status -> {
                accounts.lock("alice");
                accounts.lock("bob");
                accounts.put("carol", 1);
                status.setRollbackOnly();
            });
            assertThat(outcome(elsewhere(() -> accounts.lockUnlessLocked("bob"))))
                    .contains(1);
            assertThat(outcome(elsewhere(() -> accounts.insert("carol", 2)))).isTrue();
            assertThat(outcome(elsewhere(() -> accounts.lockUnlessLocked("alice"))))
                    .isEmpty();
        });
    }

    @Test
    void within_one_thread_a_locked_row_is_an_error_at_once() {
        accounts.put("alice", 1);

        run(() -> {
            accounts.lock("alice");
            assertThatExceptionOfType(CannotAcquireLockException.class)
                    .isThrownBy(() -> own.executeWithoutResult(status -> accounts.lock("alice")))
                    .withMessageContaining("alice")
                    .withMessageContaining("bank.account");
            assertThat(own.<Optional<Integer>>execute(status -> accounts.lockUnlessLocked("alice")))
                    .isEmpty();
        });

        assertThat(outcome(elsewhere(() -> accounts.lock("alice")))).contains(1);
    }

    @Test
    void a_row_is_locked_in_a_transaction_only() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> accounts.lock("alice"))
                .withMessageContaining("bank.account");
    }

    @Test
    void a_probe_sees_each_point() {
        List<Point> points = new ArrayList<>();
        database.probe(points::add);

        run(() -> accounts.put("alice", 1));
        transaction.executeWithoutResult(status -> status.setRollbackOnly());

        assertThat(points).containsExactly(Point.STATEMENT, Point.BEFORE_COMMIT, Point.AFTER_COMMIT);
    }

    @Test
    void what_a_probe_throws_before_the_commit_rolls_it_back_and_after_it_does_not() {
        Map<Point, Integer> expected = new EnumMap<>(Map.of(Point.BEFORE_COMMIT, 1, Point.AFTER_COMMIT, 2));
        accounts.put("alice", 1);

        expected.forEach((where, left) -> {
            database.probe(point -> {
                if (point == where) {
                    throw new IllegalStateException("the connection broke");
                }
            });
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> run(() -> accounts.put("alice", 2)));
            database.probe(point -> {});
            assertThat(accounts.get("alice")).contains(left);
            assertThat(outcome(elsewhere(() -> accounts.lock("alice")))).contains(left);
        });
    }

    @Test
    void a_transaction_of_another_thread_that_waited_for_a_lost_commit_goes_on() {
        accounts.put("alice", 1);
        Thread test = Thread.currentThread();
        database.probe(point -> {
            if (point == Point.BEFORE_COMMIT && Thread.currentThread() == test) {
                throw new IllegalStateException("the connection broke");
            }
        });
        List<CompletableFuture<Optional<Integer>>> other = new ArrayList<>();

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> run(() -> {
                    accounts.put("alice", 2);
                    other.add(elsewhere(() -> accounts.lock("alice")));
                    waits(other.get(0));
                }));

        assertThat(outcome(other.get(0))).contains(1);
    }

    @Test
    void an_ended_transaction_takes_no_more_changes() {
        List<Throwable> thrown = new ArrayList<>();

        run(() -> {
            accounts.put("alice", 1);
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    assertThat(accounts.get("alice")).contains(1);
                    try {
                        accounts.put("bob", 2);
                    } catch (IllegalStateException refused) {
                        thrown.add(refused);
                    }
                    own.executeWithoutResult(status -> accounts.put("carol", 3));
                }
            });
        });

        assertThat(thrown)
                .singleElement()
                .satisfies(refused -> assertThat(refused).hasMessageContaining("has ended"));
        assertThat(accounts.values()).containsExactly(1, 3);
    }

    @Test
    void a_sequence_never_gives_a_number_twice() {
        long first = database.next();

        transaction.executeWithoutResult(status -> {
            database.next();
            status.setRollbackOnly();
        });

        assertThat(database.next()).isEqualTo(first + 2);
    }
}
