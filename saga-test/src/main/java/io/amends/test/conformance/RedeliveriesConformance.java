package io.amends.test.conformance;

import static io.amends.test.conformance.Samples.command;
import static io.amends.test.conformance.Samples.id;
import static io.amends.test.conformance.Transactions.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.store.Barrier;
import io.amends.runtime.store.Redeliveries;
import io.amends.runtime.store.Redeliveries.Row;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.SagaMessage;
import io.amends.saga.engine.CommandKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every store of {@link Redeliveries} does with commands whose handler threw, or that wait for a row. */
public abstract class RedeliveriesConformance extends Conformance<ParticipantFixture> {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private Redeliveries redeliveries() {
        return on.store().redeliveries("courier");
    }

    private static SagaMessage message(int saga) {
        return command(saga, "send", CommandKind.ACTION, saga);
    }

    private static Barrier.Key key(int saga) {
        return new Barrier.Key(id(saga), "send", CommandKind.ACTION);
    }

    private void add(int saga, Duration wait) {
        transactions.run(() -> redeliveries().add(message(saga), "out of petrol", wait.toMillis()));
    }

    private List<Long> due() {
        return transactions.get(() -> redeliveries().due(100));
    }

    private Optional<Row> lock(long id) {
        return transactions.get(() -> redeliveries().lock(id));
    }

    /** The offsets of the commands that are due; the samples' offset is their saga's number. */
    private List<Long> dueOffsets() {
        return due().stream()
                .map(id -> lock(id).orElseThrow().record().offset())
                .toList();
    }

    /** The id of a command that is due at once. */
    private long added(int saga) {
        add(saga, Duration.ZERO);
        return due().stream()
                .filter(id -> lock(id).orElseThrow().record().offset() == saga)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_command_is_due_when_its_wait_is_over() {
        add(1, HOUR);
        assertThat(due()).isEmpty();

        on.timePasses(HOUR.minus(MINUTE));
        assertThat(due()).isEmpty();

        on.timePasses(MINUTE.multipliedBy(2));
        assertThat(due()).hasSize(1);
    }

    @Test
    void what_is_due_comes_soonest_first_and_no_more_than_asked_for() {
        add(1, MINUTE.multipliedBy(3));
        add(2, MINUTE.multipliedBy(1));
        add(3, MINUTE.multipliedBy(2));
        on.timePasses(HOUR);

        assertThat(dueOffsets()).containsExactly(2L, 3L, 1L);
        assertThat(transactions.get(() -> redeliveries().due(2))).isEqualTo(due().subList(0, 2));
    }

    @Test
    void a_command_comes_back_whole() {
        SagaMessage message = message(1);

        Row row = lock(added(1)).orElseThrow();

        assertThat(row.attempts()).isEqualTo(1);
        assertThat(row.error()).isEqualTo("out of petrol");
        assertThat(row.record().place()).isEqualTo(message.record().place());
        assertThat(row.record().key()).isEqualTo(message.record().key());
        assertThat(row.record().value()).isEqualTo(message.record().value());
        assertThat(row.record().headers())
                .containsExactlyEntriesOf(message.record().headers());
    }

    @Test
    void a_command_without_key_and_payload_is_kept_as_such() {
        InboundRecord full = message(1).record();
        SagaMessage bare = SagaMessage.command(
                new InboundRecord(full.topic(), full.partition(), full.offset(), null, null, full.headers()));

        transactions.run(() -> redeliveries().add(bare, "why", 0));

        assertThat(lock(due().get(0)).orElseThrow().record().key()).isNull();
        assertThat(lock(due().get(0)).orElseThrow().record().value()).isNull();
    }

    @Test
    void a_command_that_is_there_already_stays_as_the_message_that_came_last() {
        long id = added(1);
        transactions.run(() -> redeliveries().postpone(id, 4, "again", HOUR.toMillis()));

        SagaMessage repeat = command(1, "send", CommandKind.ACTION, 99);
        transactions.run(() -> redeliveries().add(repeat, "out of petrol", 0));

        assertThat(due()).isEmpty();
        on.timePasses(HOUR.plus(MINUTE));
        assertThat(due()).containsExactly(id);
        assertThat(lock(id).orElseThrow().attempts()).isEqualTo(4);
        assertThat(lock(id).orElseThrow().record().offset()).isEqualTo(99);
    }

    @Test
    void a_command_that_waits_for_a_row_has_used_up_no_attempt() {
        boolean isNew = transactions.get(() -> redeliveries().awaitRow(message(1), "road closed", HOUR.toMillis()));

        assertThat(isNew).isTrue();
        assertThat(due()).isEmpty();
        on.timePasses(HOUR.plus(MINUTE));
        Row row = lock(due().get(0)).orElseThrow();
        assertThat(row.attempts()).isZero();
        assertThat(row.error()).isEqualTo("road closed");
    }

    @Test
    void likewise_one_that_is_there_already_stays_as_the_message_that_came_last() {
        long id = added(1);

        SagaMessage repeat = command(1, "send", CommandKind.ACTION, 99);
        boolean isNew = transactions.get(() -> redeliveries().awaitRow(repeat, "road closed", HOUR.toMillis()));

        assertThat(isNew).isFalse();
        Row row = lock(due().get(0)).orElseThrow();
        assertThat(row.id()).isEqualTo(id);
        assertThat(row.attempts()).isEqualTo(1);
        assertThat(row.error()).isEqualTo("out of petrol");
        assertThat(row.record().offset()).isEqualTo(99);
    }

    @Test
    void a_command_that_is_being_delivered_keeps_its_message_and_makes_nobody_wait() {
        long id = added(1);
        SagaMessage repeat = command(1, "send", CommandKind.ACTION, 99);

        transactions.run(() -> {
            lock(id);
            outcome(transactions.elsewhere(() -> {
                redeliveries().add(repeat, "out of petrol", 0);
                return true;
            }));
        });

        assertThat(lock(id).orElseThrow().record().offset()).isEqualTo(1);
        assertThat(due()).containsExactly(id);
    }

    @Test
    void saga_step_and_kind_make_commands_different() {
        transactions.run(() -> {
            redeliveries().add(command(1, "send", CommandKind.ACTION, 1), "why", 0);
            redeliveries().add(command(1, "send", CommandKind.COMPENSATION, 2), "why", 0);
            redeliveries().add(command(1, "pay", CommandKind.ACTION, 3), "why", 0);
            redeliveries().add(command(2, "send", CommandKind.ACTION, 4), "why", 0);
        });

        assertThat(dueOffsets()).containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
    }

    @Test
    void each_participant_has_commands_of_its_own() {
        added(1);
        Redeliveries bank = on.store().redeliveries("bank");

        assertThat(transactions.get(() -> bank.due(10))).isEmpty();
        transactions.run(() -> bank.add(message(1), "why", 0));

        assertThat(transactions.get(() -> bank.due(10))).hasSize(1);
        assertThat(due()).hasSize(1);
    }

    @Test
    void who_is_locked_is_left_to_the_other() {
        long first = added(1);
        long second = added(2);

        transactions.run(() -> {
            assertThat(lock(first)).isPresent();
            assertThat(outcome(transactions.elsewhere(() -> lock(first)))).isEmpty();
            assertThat(outcome(transactions.elsewhere(() -> lock(second)))).isPresent();
        });

        assertThat(outcome(transactions.elsewhere(() -> lock(first)))).isPresent();
    }

    @Test
    void what_is_gone_can_not_be_locked() {
        long id = added(1);

        transactions.run(() -> assertThat(redeliveries().delete(id)).isZero());

        assertThat(lock(id)).isEmpty();
        assertThat(due()).isEmpty();
        assertThat(lock(id + 1000)).isEmpty();
    }

    @Test
    void a_removed_command_can_be_kept_again() {
        long id = added(1);
        transactions.run(() -> redeliveries().delete(id));

        assertThat(lock(added(1)).orElseThrow().attempts()).isEqualTo(1);
    }

    @Test
    void a_postponed_command_counts_its_attempts_and_waits() {
        long id = added(1);

        transactions.run(() -> {
            lock(id);
            redeliveries().postpone(id, 2, "again", HOUR.toMillis());
        });

        assertThat(lock(id).orElseThrow().attempts()).isEqualTo(2);
        assertThat(lock(id).orElseThrow().error()).isEqualTo("again");
        assertThat(due()).isEmpty();
        on.timePasses(HOUR.plus(MINUTE));
        assertThat(due()).containsExactly(id);
    }

    @Test
    void to_postpone_what_is_gone_brings_nothing_back() {
        long id = added(1);
        transactions.run(() -> redeliveries().delete(id));

        transactions.run(() -> redeliveries().postpone(id, 2, "again", 0));

        assertThat(lock(id)).isEmpty();
        assertThat(due()).isEmpty();
    }

    @Test
    void a_hastened_command_is_due_at_once() {
        add(1, HOUR);
        add(2, HOUR);

        transactions.run(() -> redeliveries().hasten(List.of(key(1), key(9))));

        assertThat(dueOffsets()).containsExactly(1L);
        assertThat(lock(due().get(0)).orElseThrow().attempts()).isEqualTo(1);
    }

    @Test
    void who_hastens_waits_for_nobody() {
        long id = added(1);
        add(2, HOUR);

        transactions.run(() -> {
            lock(id);
            redeliveries().postpone(id, 2, "again", HOUR.toMillis());
            outcome(transactions.elsewhere(() -> {
                redeliveries().hasten(List.of(key(1), key(2)));
                return true;
            }));
        });

        assertThat(dueOffsets()).containsExactly(2L);
    }

    @Test
    void a_rolled_back_transaction_leaves_nothing() {
        long id = added(1);

        transactions.undone(() -> {
            add(2, Duration.ZERO);
            redeliveries().postpone(id, 2, "again", HOUR.toMillis());
        });
        transactions.undone(() -> redeliveries().delete(id));

        assertThat(due()).containsExactly(id);
        assertThat(lock(id).orElseThrow().attempts()).isEqualTo(1);
        add(2, Duration.ZERO);
        assertThat(due()).hasSize(2);
    }
}
