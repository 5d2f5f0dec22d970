package io.amends.test.conformance;

import static io.amends.test.conformance.Samples.LETTER;
import static io.amends.test.conformance.Samples.PARCEL;
import static io.amends.test.conformance.Samples.PARCEL_2;
import static io.amends.test.conformance.Samples.change;
import static io.amends.test.conformance.Samples.id;
import static io.amends.test.conformance.Samples.in;
import static io.amends.test.conformance.Transactions.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.store.SagaStore;
import io.amends.runtime.store.StoredSaga;
import io.amends.saga.engine.Pause;
import io.amends.saga.engine.SagaPhase;
import io.amends.saga.engine.SagaState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How every {@link SagaStore} finds the instances that something is due for. */
public abstract class SagaTimersConformance extends SagaConformance {

    private static final Duration HOUR = Duration.ofHours(1);

    private void startedDue(int number, Duration later) {
        insert(PARCEL, "key " + number, change(number).deadline(in(later)));
    }

    private List<UUID> due(int most) {
        return transactions.get(
                () -> List.copyOf(store().lockDue(List.of(PARCEL, LETTER), most).keySet()));
    }

    private List<UUID> due() {
        return due(100);
    }

    private static List<UUID> ids(int... numbers) {
        return IntStream.of(numbers).mapToObj(Samples::id).toList();
    }

    @Test
    void what_is_due_comes_soonest_first() {
        startedDue(1, MINUTE.multipliedBy(3));
        startedDue(2, MINUTE.multipliedBy(1));
        startedDue(3, MINUTE.multipliedBy(2));
        assertThat(due()).isEmpty();

        on.timePasses(HOUR);

        assertThat(due()).containsExactlyElementsOf(ids(2, 3, 1));
        assertThat(due(2)).containsExactlyElementsOf(ids(2, 3));
    }

    @Test
    void what_is_not_due_yet_or_never_is_left() {
        startedDue(1, HOUR);
        startedDue(2, HOUR.multipliedBy(3));
        started(3);

        on.timePasses(HOUR.multipliedBy(2));

        assertThat(due()).containsExactlyElementsOf(ids(1));
    }

    @Test
    void what_is_due_comes_whole() {
        insert(PARCEL, "key", change(1).data("parcel").step(Samples.sent("send", in(MINUTE))));
        on.timePasses(HOUR);

        Map<UUID, StoredSaga> due = transactions.get(() -> store().lockDue(List.of(PARCEL), 10));

        assertThat(due).containsOnlyKeys(id(1));
        due.values().forEach(saga -> {
            assertThat(saga.key()).isEqualTo("key");
            assertThat(saga.data()).isEqualTo(Samples.bytes("parcel"));
            near(step(saga, "send").dueAt(), saga.readAt().plus(MINUTE).minus(HOUR));
        });
    }

    @Test
    void only_instances_of_the_given_definitions_come() {
        insert(PARCEL, "key", change(1).deadline(in(MINUTE)));
        insert(PARCEL_2, "key 2", change(2).deadline(in(MINUTE)));
        insert(LETTER, "key", change(3).deadline(in(MINUTE)));
        on.timePasses(HOUR);

        assertThat(transactions.get(() -> store().lockDue(List.of(PARCEL_2, LETTER), 10)))
                .containsOnlyKeys(id(2), id(3));
        assertThat(transactions.get(() -> store().lockDue(List.of(), 10))).isEmpty();
    }

    @Test
    void who_is_locked_is_left_to_the_other() {
        startedDue(1, MINUTE.multipliedBy(1));
        startedDue(2, MINUTE.multipliedBy(2));
        startedDue(3, MINUTE.multipliedBy(3));
        on.timePasses(HOUR);

        transactions.run(() -> {
            assertThat(due(1)).containsExactlyElementsOf(ids(1));
            locked(2);
            assertThat(outcome(transactions.elsewhere(() -> due()))).containsExactlyElementsOf(ids(3));
            assertThat(outcome(transactions.elsewhere(() -> due(1)))).containsExactlyElementsOf(ids(3));
        });

        assertThat(due()).containsExactlyElementsOf(ids(1, 2, 3));
    }

    @Test
    void what_is_due_is_locked_until_the_transaction_ends() {
        startedDue(1, MINUTE);
        on.timePasses(HOUR);

        CompletableFuture<StoredSaga> other = transactions.get(() -> {
            due();
            CompletableFuture<StoredSaga> second = transactions.elsewhere(() -> locked(1));
            Transactions.waits(second);
            update(change(1).data("moved on"));
            return second;
        });

        assertThat(outcome(other).rowVersion()).isEqualTo(1);
    }

    @Test
    void two_that_share_the_work_move_each_instance_on_once() {
        IntStream.rangeClosed(1, 40).forEach(number -> startedDue(number, Duration.ofSeconds(number)));
        on.timePasses(HOUR);
        List<UUID> moved = Collections.synchronizedList(new ArrayList<>());

        CompletableFuture<Boolean> other =
                CompletableFuture.supplyAsync(() -> moveOn(moved), task -> new Thread(task, "other timers").start());
        moveOn(moved);
        outcome(other);

        assertThat(moved).hasSize(40).doesNotHaveDuplicates();
    }

    private boolean moveOn(List<UUID> moved) {
        List<UUID> some;
        do {
            some = transactions.get(() -> {
                Map<UUID, StoredSaga> due = store().lockDue(List.of(PARCEL), 3);
                due.values().forEach(saga -> update(change(saga).deadline(null)));
                return List.copyOf(due.keySet());
            });
            moved.addAll(some);
        } while (!some.isEmpty());
        return true;
    }

    @Test
    void an_update_can_make_an_instance_due_sooner() {
        startedDue(1, HOUR);

        update(change(1).deadline(stored(1).readAt().plus(MINUTE)));
        on.timePasses(MINUTE.multipliedBy(10));

        assertThat(due()).containsExactlyElementsOf(ids(1));
    }

    @Test
    void an_update_can_make_an_instance_due_later_where_that_must_be_exact() {
        startedDue(1, MINUTE);

        update(change(1).deadline(stored(1).readAt().plus(HOUR)).exactly());

        on.timePasses(MINUTE.multipliedBy(10));
        assertThat(due()).isEmpty();
        on.timePasses(HOUR);
        assertThat(due()).containsExactlyElementsOf(ids(1));
    }

    @Test
    void after_an_update_an_instance_is_due_at_its_new_time_at_the_latest() {
        startedDue(1, MINUTE);
        startedDue(2, MINUTE);
        started(3);

        update(change(1).deadline(stored(1).readAt().plus(HOUR)));
        update(change(2).deadline(null));
        update(change(3).deadline(stored(3).readAt().plus(HOUR)));
        on.timePasses(HOUR.multipliedBy(2));

        assertThat(due()).containsExactlyInAnyOrderElementsOf(ids(1, 3));
    }

    @Test
    void a_paused_instance_is_due_when_its_pause_ends() {
        startedDue(1, MINUTE);
        SagaState paused = new SagaState(
                SagaPhase.RUNNING,
                "data",
                Map.of(),
                null,
                null,
                null,
                null,
                false,
                new Pause("lunch", stored(1).readAt().plus(HOUR)));

        update(change(1).state(paused).exactly());

        on.timePasses(MINUTE.multipliedBy(30));
        assertThat(due()).isEmpty();
        on.timePasses(HOUR);
        assertThat(due()).containsExactlyElementsOf(ids(1));
    }

    private void postponed(int number, int times) {
        for (int i = 0; i < times; i++) {
            transactions.run(() -> store().postpone(ids(number)));
        }
    }

    @Test
    void a_postponed_instance_waits_and_comes_again() {
        startedDue(1, MINUTE);
        startedDue(2, MINUTE);
        on.timePasses(HOUR);

        postponed(1, 7);

        assertThat(due()).containsExactlyElementsOf(ids(2));
        on.timePasses(HOUR);
        assertThat(due()).containsExactlyElementsOf(ids(2, 1));
        assertThat(stored(1).rowVersion()).isZero();
    }

    @Test
    void who_is_postponed_more_often_waits_longer_but_never_more_than_five_minutes() {
        startedDue(1, MINUTE);
        startedDue(2, MINUTE);
        on.timePasses(HOUR);

        postponed(1, 1);
        postponed(2, 40);

        on.timePasses(MINUTE);
        assertThat(due()).containsExactlyElementsOf(ids(1));
        on.timePasses(MINUTE.multipliedBy(5));
        assertThat(due()).containsExactlyInAnyOrderElementsOf(ids(1, 2));
    }

    @Test
    void who_was_moved_on_is_postponed_as_if_for_the_first_time() {
        startedDue(1, MINUTE);
        postponed(1, 40);

        update(change(1).deadline(stored(1).readAt()));
        postponed(1, 1);

        on.timePasses(MINUTE);
        assertThat(due()).containsExactlyElementsOf(ids(1));
    }

    @Test
    void to_postpone_what_is_never_due_makes_it_due_never() {
        started(1);

        postponed(1, 1);
        transactions.run(() -> store().postpone(ids(9)));
        transactions.run(() -> store().postpone(List.of()));

        on.timePasses(HOUR);
        assertThat(due()).isEmpty();
    }

    @Test
    void a_rolled_back_transaction_postpones_nothing() {
        startedDue(1, MINUTE);
        on.timePasses(HOUR);

        transactions.undone(() -> store().postpone(ids(1)));

        assertThat(due()).containsExactlyElementsOf(ids(1));
    }
}
