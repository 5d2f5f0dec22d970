package io.amends.test.conformance;

import static io.amends.test.conformance.Samples.LETTER;
import static io.amends.test.conformance.Samples.PARCEL;
import static io.amends.test.conformance.Samples.PARCEL_2;
import static io.amends.test.conformance.Samples.change;
import static io.amends.test.conformance.Samples.id;
import static io.amends.test.conformance.Samples.reply;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.store.StoredSaga;
import io.amends.runtime.store.WaitingReplies;
import io.amends.runtime.store.WaitingReplies.Waiting;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.SagaMessage;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.ReasonCode;
import io.amends.saga.engine.SagaPhase;
import io.amends.saga.engine.SagaState;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every store of {@link WaitingReplies} does. */
public abstract class WaitingRepliesConformance extends SagaConformance {

    private void keep(SagaMessage... replies) {
        transactions.run(() -> on.waitingReplies().keep(List.of(replies)));
    }

    private List<Waiting> waiting(int most, SagaDefinition... definitions) {
        return transactions.get(() -> on.waitingReplies().find(List.of(definitions), most));
    }

    private List<InboundRecord> found(int most, SagaDefinition... definitions) {
        return waiting(most, definitions).stream().map(Waiting::record).toList();
    }

    private List<Long> offsets(SagaDefinition... definitions) {
        return found(100, definitions).stream().map(InboundRecord::offset).toList();
    }

    @Test
    void a_reply_that_is_kept_comes_back_whole() {
        started(1);
        SagaMessage reply = reply(1, 5);

        keep(reply);

        assertThat(found(100, PARCEL)).singleElement().satisfies(record -> {
            assertThat(record.place()).isEqualTo(reply.record().place());
            assertThat(record.key()).isEqualTo(reply.record().key());
            assertThat(record.value()).isEqualTo(reply.record().value());
            assertThat(record.headers()).containsExactlyEntriesOf(reply.record().headers());
            assertThat(SagaMessage.reply(record).id()).isEqualTo(reply.id());
        });
    }

    @Test
    void a_reply_without_key_and_payload_is_kept_as_such() {
        started(1);
        InboundRecord full = reply(1, 5).record();

        keep(SagaMessage.reply(
                new InboundRecord(full.topic(), full.partition(), full.offset(), null, null, full.headers())));

        assertThat(found(100, PARCEL)).singleElement().satisfies(record -> {
            assertThat(record.key()).isNull();
            assertThat(record.value()).isNull();
        });
    }

    @Test
    void the_first_come_first_and_no_more_than_asked_for() {
        started(1);
        started(2);

        keep(reply(2, 3), reply(1, 4));
        keep(reply(1, 1));

        assertThat(offsets(PARCEL)).containsExactly(3L, 4L, 1L);
        assertThat(found(2, PARCEL)).extracting(InboundRecord::offset).containsExactly(3L, 4L);
    }

    @Test
    void a_reply_that_is_there_already_stays_as_it_is() {
        started(1);
        keep(reply(1, 1));
        keep(reply(1, 2));

        keep(reply(1, 1));

        assertThat(offsets(PARCEL)).containsExactly(1L, 2L);
    }

    @Test
    void only_replies_to_instances_of_the_given_definitions_come() {
        insert(PARCEL, "a", change(1));
        insert(PARCEL_2, "b", change(2));
        insert(LETTER, "c", change(3));

        keep(reply(1, 1), reply(2, 2), reply(3, 3), reply(9, 4));

        assertThat(offsets(PARCEL_2)).containsExactly(2L);
        assertThat(offsets(PARCEL, LETTER)).containsExactly(1L, 3L);
        assertThat(offsets()).isEmpty();
    }

    @Test
    void an_instance_whose_reply_waits_is_stuck_and_says_why() {
        started(1);
        insert(PARCEL, "turned back", change(2).state(inPhase(SagaPhase.COMPENSATING)));
        started(3);

        keep(reply(1, 1), reply(2, 2));

        for (StoredSaga saga : List.of(stored(1), stored(2))) {
            assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
            assertThat(saga.reasonCode()).isEqualTo(ReasonCode.NO_HANDLER_VERSION);
            assertThat(saga.reason()).contains("version 1");
            assertThat(saga.rowVersion()).isEqualTo(1);
        }
        assertThat(stored(3).phase()).isEqualTo(SagaPhase.RUNNING);
    }

    @Test
    void an_instance_that_has_ended_or_is_stuck_already_stays_as_it_is() {
        List<SagaPhase> ended = List.of(SagaPhase.COMPLETED, SagaPhase.COMPENSATED, SagaPhase.STUCK);
        for (int number = 1; number <= 3; number++) {
            insert(PARCEL, "key " + number, change(number).state(inPhase(ended.get(number - 1))));
        }

        keep(reply(1, 1), reply(2, 2), reply(3, 3));

        assertThat(Stream.of(1, 2, 3).map(this::stored).map(StoredSaga::phase)).containsExactlyElementsOf(ended);
        assertThat(Stream.of(1, 2, 3).map(this::stored))
                .allSatisfy(saga -> assertThat(saga.rowVersion()).isZero());
        assertThat(offsets(PARCEL)).containsExactly(1L, 2L, 3L);
    }

    private static SagaState inPhase(SagaPhase phase) {
        return new SagaState(phase, "data", Map.of(), null, null, null, null, false, null);
    }

    @Test
    void what_was_processed_is_removed_and_the_rest_stays() {
        started(1);
        keep(reply(1, 1), reply(1, 2), reply(1, 3));

        transactions.run(() -> on.waitingReplies().delete(waiting(2, PARCEL)));

        assertThat(offsets(PARCEL)).containsExactly(3L);
    }

    @Test
    void a_reply_that_was_put_there_again_since_it_was_found_is_not_removed_with_the_one_that_was_processed() {
        started(1);
        keep(reply(1, 1), reply(1, 2));
        List<Waiting> slow = waiting(100, PARCEL);
        List<Waiting> fast = waiting(100, PARCEL);
        transactions.run(() -> on.waitingReplies().delete(fast));
        keep(reply(1, 1));

        transactions.run(() -> on.waitingReplies().delete(slow));

        assertThat(offsets(PARCEL)).containsExactly(1L);
    }

    @Test
    void a_rolled_back_transaction_keeps_and_removes_nothing() {
        started(1);
        started(2);
        keep(reply(1, 1));

        transactions.undone(() -> {
            keep(reply(2, 2));
            on.waitingReplies().delete(waiting(100, PARCEL));
        });

        assertThat(offsets(PARCEL)).containsExactly(1L);
        assertThat(stored(2).phase()).isEqualTo(SagaPhase.RUNNING);
    }

    @Test
    void to_keep_nothing_is_no_trouble() {
        keep();

        assertThat(store().find(List.of(id(1)))).isEmpty();
    }
}
