package io.amends.test.conformance;

import static io.amends.test.conformance.Samples.PARCEL;
import static io.amends.test.conformance.Samples.bytes;
import static io.amends.test.conformance.Samples.change;
import static io.amends.test.conformance.Samples.id;
import static io.amends.test.conformance.Samples.line;
import static io.amends.test.conformance.Samples.saga;
import static io.amends.test.conformance.Samples.sent;
import static io.amends.test.conformance.Transactions.outcome;
import static io.amends.test.conformance.Transactions.waits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.amends.runtime.store.SagaStore;
import io.amends.runtime.store.StoredSaga;
import io.amends.saga.engine.Outcome;
import io.amends.saga.engine.StepStatus;
import io.amends.test.conformance.Samples.Draft;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.springframework.dao.OptimisticLockingFailureException;

/** How every {@link SagaStore} takes part in transactions: two at once, rolled back, with savepoints. */
public abstract class SagaTransactionsConformance extends SagaConformance {

    @Test
    void who_inserts_a_business_key_that_another_transaction_inserts_waits_and_finds_it_taken() {
        CompletableFuture<Boolean> other = transactions.get(() -> {
            started(1);
            CompletableFuture<Boolean> second = transactions.elsewhere(() -> insert(PARCEL, "key 1", change(2)));
            waits(second);
            return second;
        });

        assertThat(outcome(other)).isFalse();
        assertThat(isStored(2)).isFalse();
    }

    @Test
    void a_business_key_whose_transaction_was_rolled_back_is_free_for_who_waited() {
        Supplier<CompletableFuture<Boolean>> race = () -> {
            started(1);
            CompletableFuture<Boolean> second = transactions.elsewhere(() -> insert(PARCEL, "key 1", change(2)));
            waits(second);
            return second;
        };

        assertThat(outcome(transactions.undone(race))).isTrue();
        assertThat(isStored(1)).isFalse();
        assertThat(isStored(2)).isTrue();
    }

    @Test
    void who_finds_a_business_key_taken_waits_for_nobody_and_makes_nobody_wait() {
        started(1);

        transactions.run(() -> {
            assertThat(insert(PARCEL, "key 1", change(2))).isFalse();
            assertThat(outcome(transactions.elsewhere(() -> insert(PARCEL, "key 1", change(3)))))
                    .isFalse();
        });
    }

    @Test
    void of_two_updates_at_once_the_second_is_refused() {
        started(1);

        CompletableFuture<Boolean> other = transactions.get(() -> {
            update(change(1).data("first"));
            CompletableFuture<Boolean> second = transactions.elsewhere(() -> {
                update(change(1).data("second"));
                return true;
            });
            waits(second);
            return second;
        });

        assertThatExceptionOfType(OptimisticLockingFailureException.class).isThrownBy(() -> outcome(other));
        assertThat(stored(1).data()).isEqualTo(bytes("first"));
    }

    @Test
    void a_rolled_back_transaction_leaves_nothing() {
        started(1);

        transactions.undone(() -> {
            started(2);
            update(change(1).data("new").step(sent("send", null)).line(line(2, "REPLY", null)));
            store().audit(audit(1, "PAUSE", null));
        });

        assertThat(isStored(2)).isFalse();
        assertThat(stored(1).rowVersion()).isZero();
        assertThat(stored(1).data()).isEqualTo(bytes("data"));
        assertThat(stored(1).steps()).isEmpty();
        assertThat(on.history(id(1))).isEmpty();
        assertThat(on.audit(id(1))).isEmpty();
        started(2);
    }

    @Test
    void what_a_savepoint_undid_is_gone_and_the_rest_stays() {
        started(1);

        transactions.run(() -> {
            update(change(1).data("kept"));
            transactions.undoneToSavepoint(() -> {
                update(change(stored(1)).data("undone").line(line(2, "UNDONE", null)));
                started(2);
            });
            transactions.behindSavepoint(() -> started(3));
        });

        assertThat(stored(1).data()).isEqualTo(bytes("kept"));
        assertThat(stored(1).rowVersion()).isEqualTo(1);
        assertThat(on.history(id(1))).isEmpty();
        assertThat(isStored(2)).isFalse();
        assertThat(isStored(3)).isTrue();
    }

    @Test
    void nobody_sees_or_awaits_what_is_not_committed() {
        started(1);

        transactions.run(() -> {
            update(change(1).data("new"));
            started(2);
            assertThat(stored(1).data()).isEqualTo(bytes("new"));
            assertThat(outcome(transactions.elsewhere(() -> stored(1))).data()).isEqualTo(bytes("data"));
            assertThat(outcome(transactions.elsewhere(() -> isStored(2)))).isFalse();
        });
    }

    @Test
    void who_locks_a_locked_instance_waits_and_sees_what_became_of_it() {
        insert(PARCEL, "key", change(1).step(sent("send", null)));

        CompletableFuture<StoredSaga> other = transactions.get(() -> {
            StoredSaga first = locked(1);
            CompletableFuture<StoredSaga> second = transactions.elsewhere(() -> locked(1));
            waits(second);
            update(change(first).data("new").step(Samples.step("send", StepStatus.SUCCEEDED, Outcome.SUCCESS, null)));
            return second;
        });

        StoredSaga seen = outcome(other);
        assertThat(seen.rowVersion()).isEqualTo(1);
        assertThat(seen.data()).isEqualTo(bytes("new"));
        assertThat(step(seen, "send").status()).isEqualTo(StepStatus.SUCCEEDED);
    }

    @Test
    void an_updated_instance_is_locked_until_its_transaction_ends() {
        started(1);

        CompletableFuture<StoredSaga> other = transactions.get(() -> {
            update(change(1).data("new"));
            CompletableFuture<StoredSaga> second = transactions.elsewhere(() -> locked(1));
            waits(second);
            return second;
        });

        assertThat(outcome(other).data()).isEqualTo(bytes("new"));
    }

    @Test
    void two_that_lock_the_same_instances_in_any_order_get_along_and_lose_nothing() {
        started(1);
        started(2);
        int rounds = 30;

        CompletableFuture<Boolean> other = CompletableFuture.supplyAsync(
                () -> count(rounds, List.of(id(1), id(2))), task -> new Thread(task, "other").start());
        count(rounds, List.of(id(2), id(1)));
        outcome(other);

        assertThat(stored(1).sequence()).isEqualTo(1 + 2 * rounds);
        assertThat(stored(2).sequence()).isEqualTo(1 + 2 * rounds);
    }

    private boolean count(int rounds, List<UUID> ids) {
        for (int i = 0; i < rounds; i++) {
            transactions.run(() -> {
                Map<UUID, StoredSaga> locked = store().lock(ids);
                update(ids.stream()
                        .map(locked::get)
                        .map(saga -> change(saga).sequence(saga.sequence() + 1))
                        .toArray(Draft[]::new));
            });
        }
        return true;
    }
}
