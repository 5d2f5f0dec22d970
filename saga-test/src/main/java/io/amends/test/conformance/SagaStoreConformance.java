package io.amends.test.conformance;

import static io.amends.test.conformance.Samples.LETTER;
import static io.amends.test.conformance.Samples.NOW;
import static io.amends.test.conformance.Samples.PARCEL;
import static io.amends.test.conformance.Samples.PARCEL_2;
import static io.amends.test.conformance.Samples.bytes;
import static io.amends.test.conformance.Samples.change;
import static io.amends.test.conformance.Samples.definition;
import static io.amends.test.conformance.Samples.failed;
import static io.amends.test.conformance.Samples.id;
import static io.amends.test.conformance.Samples.in;
import static io.amends.test.conformance.Samples.line;
import static io.amends.test.conformance.Samples.sent;
import static io.amends.test.conformance.Samples.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.amends.runtime.store.SagaStore;
import io.amends.runtime.store.StoredSaga;
import io.amends.runtime.store.StoredSaga.AnsweredCommand;
import io.amends.runtime.store.StoredSaga.HistoryEntry;
import io.amends.runtime.store.StoredSaga.SentCommand;
import io.amends.saga.engine.Cause;
import io.amends.saga.engine.Held;
import io.amends.saga.engine.Outcome;
import io.amends.saga.engine.Pause;
import io.amends.saga.engine.ReasonCode;
import io.amends.saga.engine.SagaPhase;
import io.amends.saga.engine.SagaState;
import io.amends.saga.engine.StepState;
import io.amends.saga.engine.StepStatus;
import io.amends.test.conformance.Samples.Draft;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.OptimisticLockingFailureException;

/** What every {@link SagaStore} does with instances, their steps, history and audit. */
public abstract class SagaStoreConformance extends SagaConformance {

    @Test
    void a_new_instance_is_found_as_it_was_stored() {
        SagaState state = new SagaState(
                SagaPhase.COMPENSATING,
                "data",
                Map.of(),
                ReasonCode.REJECTED,
                "the courier is ill",
                new Cause(ReasonCode.REJECTED, "ill"),
                null,
                false,
                null,
                "com.shop.Courier.send:3\ncom.shop.Desk.post:9");
        StepState step = failed("send", "com.shop.Till.charge:42");
        insert(
                PARCEL,
                "key",
                change(1).state(state).data("päckchen").sequence(3).clock(77).step(step));

        StoredSaga found = stored(1);

        assertThat(found.name()).isEqualTo("parcel");
        assertThat(found.version()).isEqualTo(1);
        assertThat(found.fingerprint()).isEqualTo(PARCEL.fingerprint());
        assertThat(found.key()).isEqualTo("key");
        assertThat(found.bodyHash()).isEqualTo(bytes("hash of key"));
        assertThat(found.phase()).isEqualTo(SagaPhase.COMPENSATING);
        assertThat(found.reasonCode()).isEqualTo(ReasonCode.REJECTED);
        assertThat(found.reason()).isEqualTo("the courier is ill");
        assertThat(found.reasonFrames()).isEqualTo("com.shop.Courier.send:3\ncom.shop.Desk.post:9");
        assertThat(found.cause()).isEqualTo(new Cause(ReasonCode.REJECTED, "ill"));
        assertThat(found.data()).isEqualTo(bytes("päckchen"));
        assertThat(found.rowVersion()).isZero();
        assertThat(found.sequence()).isEqualTo(3);
        assertThat(found.clock()).isEqualTo(77);
        assertThat(found.deadlineAt()).isNull();
        assertThat(found.overdue()).isFalse();
        assertThat(found.pause()).isNull();
        assertThat(found.steps()).containsOnlyKeys("send");
        assertThat(step(found, "send")).isEqualTo(step);
    }

    @Test
    void an_instance_is_of_the_version_that_it_was_moved_to_and_otherwise_as_it_was() {
        insert(PARCEL, "key", change(1).data("before").step(sent("send", null)));

        transactions.run(() -> {
            store().lock(List.of(id(1)));
            store().moveTo(id(1), PARCEL_2);
            store().update(List.of(change(1).data("after").done()));
        });
        update(change(stored(1)).data("later"));

        StoredSaga moved = stored(1);
        assertThat(moved.version()).isEqualTo(2);
        assertThat(moved.fingerprint()).isEqualTo(PARCEL_2.fingerprint());
        assertThat(moved.data()).isEqualTo(bytes("later"));
        assertThat(moved.rowVersion()).isEqualTo(2);
        assertThat(moved.key()).isEqualTo("key");
        assertThat(moved.bodyHash()).isEqualTo(bytes("hash of key"));
        assertThat(step(moved, "send")).isEqualTo(sent("send", null));
    }

    @Test
    void a_definition_that_nobody_noted_is_not_known() {
        assertThat(transactions.get(() -> store().noted("parcel", 1, "print-1")))
                .isEmpty();
    }

    @Test
    void an_instance_is_found_by_its_business_key() {
        started(1);
        started(2);
        insert(LETTER, "key 1", change(3));

        assertThat(transactions.get(() -> store().find("parcel", List.of("key 1", "key 9"))))
                .containsOnlyKeys(id(1));
        assertThat(transactions.get(() -> store().find("telegram", List.of("key 1"))))
                .isEmpty();
    }

    @Test
    void times_are_kept_relative_to_the_stores_clock() {
        StepState step = new StepState(
                "send",
                StepStatus.SENT,
                "courier",
                null,
                1,
                NOW,
                in(MINUTE),
                null,
                in(MINUTE.multipliedBy(3)),
                new Held("courier", NOW),
                0);
        insert(PARCEL, "key", change(1).deadline(in(MINUTE.multipliedBy(2))).step(step));

        StoredSaga found = stored(1);

        near(found.deadlineAt(), found.readAt().plus(MINUTE.multipliedBy(2)));
        StepState kept = step(found, "send");
        near(kept.firstSentAt(), found.readAt());
        near(kept.dueAt(), found.readAt().plus(MINUTE));
        near(kept.slaAt(), found.readAt().plus(MINUTE.multipliedBy(3)));
        assertThat(kept.held()).isNotNull().extracting(Held::participant).isEqualTo("courier");
        near(kept.held() == null ? null : kept.held().since(), found.readAt());
        near(found.createdAt(), found.readAt());
        near(found.updatedAt(), found.readAt());
        found.steps().values().forEach(any -> near(any.updatedAt(), found.readAt()));
    }

    @Test
    void the_clock_of_the_store_goes_on() {
        started(1);
        on.timePasses(MINUTE.multipliedBy(10));

        StoredSaga found = stored(1);
        near(found.createdAt(), found.readAt().minus(MINUTE.multipliedBy(10)));

        update(change(found));
        StoredSaga after = stored(1);
        near(after.createdAt(), after.readAt().minus(MINUTE.multipliedBy(10)));
        near(after.updatedAt(), after.readAt());
    }

    @Test
    void a_taken_business_key_is_not_inserted() {
        insert(PARCEL, "key", change(1).data("first"));

        assertThat(insert(
                        PARCEL,
                        "key",
                        change(2).data("second").step(sent("send", null)).line(line(1, "STARTED", null))))
                .isFalse();

        assertThat(stored(1).data()).isEqualTo(bytes("first"));
        assertThat(isStored(2)).isFalse();
        assertThat(on.history(id(2))).isEmpty();
    }

    @Test
    void a_transaction_goes_on_after_a_business_key_was_taken() {
        started(1);

        transactions.run(() -> {
            assertThat(insert(PARCEL, "key 1", change(2))).isFalse();
            assertThat(insert(PARCEL, "key 3", change(3))).isTrue();
        });

        assertThat(isStored(3)).isTrue();
    }

    @Test
    void a_business_key_is_taken_within_its_saga_only() {
        assertThat(insert(PARCEL, "key", change(1))).isTrue();
        assertThat(insert(LETTER, "key", change(2))).isTrue();
        assertThat(insert(definition("a", 1), "b/c", change(3))).isTrue();
        assertThat(insert(definition("a/b", 1), "c", change(4))).isTrue();
    }

    @Test
    void an_id_is_not_used_twice() {
        started(1);

        assertThatExceptionOfType(DataIntegrityViolationException.class)
                .isThrownBy(() -> insert(PARCEL, "another key", change(1).data("other")));

        assertThat(stored(1).data()).isEqualTo(bytes("data"));
    }

    @Test
    void an_update_replaces_what_it_names_and_counts_the_version() {
        insert(
                PARCEL,
                "key",
                change(1).deadline(in(MINUTE)).step(sent("send", null)).step(sent("pay", null)));
        Instant time = stored(1).readAt().truncatedTo(ChronoUnit.MILLIS).plus(MINUTE);
        StepState failed = new StepState(
                "send",
                StepStatus.SENT,
                "courier",
                Outcome.SUCCESS,
                4,
                time,
                time.plus(MINUTE),
                "no petrol",
                time,
                new Held("other", time),
                2,
                "com.shop.Car.fill:7");
        SagaState state = new SagaState(
                SagaPhase.STUCK,
                "data",
                Map.of(),
                ReasonCode.RETRIES_EXHAUSTED,
                "no courier",
                new Cause(ReasonCode.CANCELLED, "bob said so"),
                time,
                true,
                new Pause("holiday", time.plus(MINUTE)),
                "com.shop.Car.fill:8");

        update(change(1).state(state).data("new").sequence(8).clock(9).step(failed));

        StoredSaga found = stored(1);
        assertThat(found.rowVersion()).isEqualTo(1);
        assertThat(found.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(found.reasonCode()).isEqualTo(ReasonCode.RETRIES_EXHAUSTED);
        assertThat(found.reason()).isEqualTo("no courier");
        assertThat(found.reasonFrames()).isEqualTo("com.shop.Car.fill:8");
        assertThat(found.cause()).isEqualTo(new Cause(ReasonCode.CANCELLED, "bob said so"));
        assertThat(found.data()).isEqualTo(bytes("new"));
        assertThat(found.sequence()).isEqualTo(8);
        assertThat(found.clock()).isEqualTo(9);
        assertThat(found.deadlineAt()).isEqualTo(time);
        assertThat(found.overdue()).isTrue();
        assertThat(found.pause()).isEqualTo(new Pause("holiday", time.plus(MINUTE)));
        assertThat(found.key()).isEqualTo("key");
        assertThat(found.steps()).containsOnlyKeys("send", "pay");
        assertThat(step(found, "send")).isEqualTo(failed);
        assertThat(step(found, "pay")).isEqualTo(sent("pay", null));
    }

    @Test
    void an_update_takes_back_what_is_there_no_more() {
        started(1);
        Instant time = stored(1).readAt();
        update(change(stored(1))
                .state(new SagaState(
                        SagaPhase.STUCK,
                        "data",
                        Map.of(),
                        ReasonCode.NON_RETRYABLE,
                        "why",
                        new Cause(ReasonCode.REJECTED, "no"),
                        time,
                        true,
                        new Pause("wait", null),
                        "com.shop.Car.fill:8")));
        assertThat(stored(1).pause()).isEqualTo(new Pause("wait", null));

        update(change(stored(1)).state(SagaState.initial("data")));

        StoredSaga found = stored(1);
        assertThat(found.reasonCode()).isNull();
        assertThat(found.reason()).isNull();
        assertThat(found.reasonFrames()).isNull();
        assertThat(found.cause()).isNull();
        assertThat(found.deadlineAt()).isNull();
        assertThat(found.overdue()).isFalse();
        assertThat(found.pause()).isNull();
    }

    @Test
    void many_instances_are_updated_at_once() {
        IntStream.rangeClosed(1, 20).forEach(this::started);

        update(IntStream.rangeClosed(1, 20)
                .mapToObj(number -> change(number).data("new " + number).step(sent("step " + number, null)))
                .toArray(Draft[]::new));

        IntStream.rangeClosed(1, 20).forEach(number -> {
            assertThat(stored(number).data()).isEqualTo(bytes("new " + number));
            assertThat(stored(number).steps()).containsOnlyKeys("step " + number);
        });
    }

    @Test
    void an_update_of_a_changed_instance_changes_nothing() {
        started(1);
        started(2);
        Draft stale = change(stored(2)).data("stale").step(sent("send", null)).line(line(2, "STALE", null));
        update(change(2).data("fresh"));

        assertThatExceptionOfType(OptimisticLockingFailureException.class)
                .isThrownBy(() -> update(change(1).data("innocent"), stale));

        assertThat(stored(1).rowVersion()).isZero();
        assertThat(stored(1).data()).isEqualTo(bytes("data"));
        assertThat(stored(2).rowVersion()).isEqualTo(1);
        assertThat(stored(2).data()).isEqualTo(bytes("fresh"));
        assertThat(stored(2).steps()).isEmpty();
        assertThat(on.history(id(2))).isEmpty();
    }

    @Test
    void an_update_of_an_unknown_instance_is_refused() {
        assertThatExceptionOfType(OptimisticLockingFailureException.class).isThrownBy(() -> update(change(1)));
    }

    @Test
    void only_instances_that_exist_are_found_or_locked() {
        started(1);

        assertThat(transactions.get(() -> store().lock(List.of(id(2), id(1), id(1)))))
                .containsOnlyKeys(id(1));
        assertThat(transactions.get(() -> store().find(List.of(id(2), id(1))))).containsOnlyKeys(id(1));
        assertThat(transactions.get(() -> store().lock(List.of()))).isEmpty();
        assertThat(transactions.get(() -> store().find(List.of()))).isEmpty();
        assertThat(transactions.get(() -> store().find("parcel", List.of()))).isEmpty();
    }

    @Test
    void history_is_kept_whole_and_goes_by_the_logical_clock() {
        HistoryEntry started =
                line(10, "STARTED", null).with(new SentCommand(id(97), "send", "action", "courier", null));
        HistoryEntry reply = new HistoryEntry(
                30,
                "REPLY",
                "send",
                "compensation",
                "courier",
                id(99),
                "LATE",
                "COMPENSATING",
                "the detail",
                "saga.parcel.replies-0@3",
                null,
                null,
                new AnsweredCommand(id(98), "saga.courier.commands-1@42"));
        HistoryEntry bare = new HistoryEntry(20, "TIMER", null, null, null, null, "APPLIED", "RUNNING", null)
                .with(new SentCommand(id(98), "send", "action", "courier", "the type"));
        insert(PARCEL, "key", change(1).line(started));
        insert(PARCEL, "key 2", change(2).line(line(15, "STARTED", null)));

        update(change(1).line(reply).line(bare));

        assertThat(on.history(id(1))).containsExactly(started, bare, reply);
        assertThat(on.history(id(2))).hasSize(1);
    }

    @Test
    void two_lines_of_one_history_never_have_the_same_logical_time() {
        insert(PARCEL, "key", change(1).line(line(10, "STARTED", null)));

        assertThatExceptionOfType(DataIntegrityViolationException.class)
                .isThrownBy(() -> update(change(1).line(line(10, "REPLY", null))));

        assertThat(on.history(id(1))).containsExactly(line(10, "STARTED", null));
    }

    @Test
    void what_operators_did_is_kept_in_order() {
        transactions.run(() -> store().audit(audit(1, "PAUSE", null)));
        transactions.run(() -> store().audit(audit(1, "RESUME", "after lunch")));
        transactions.run(() -> store().audit(audit(2, "CANCEL", null)));

        assertThat(on.audit(id(1))).containsExactly(audit(1, "PAUSE", null), audit(1, "RESUME", "after lunch"));
        assertThat(on.audit(id(2))).containsExactly(audit(2, "CANCEL", null));
    }
}
