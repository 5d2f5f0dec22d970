package io.amends.test.conformance;

import static io.amends.test.conformance.Samples.LETTER;
import static io.amends.test.conformance.Samples.PARCEL;
import static io.amends.test.conformance.Samples.PARCEL_2;
import static io.amends.test.conformance.Samples.change;
import static io.amends.test.conformance.Samples.id;
import static io.amends.test.conformance.Samples.line;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.SagaQuery;
import io.amends.runtime.store.SagaStore;
import io.amends.runtime.store.StoredSaga.SentCommand;
import io.amends.saga.engine.ReasonCode;
import io.amends.saga.engine.SagaPhase;
import io.amends.saga.engine.SagaState;
import io.amends.saga.engine.StepStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link SagaStore} finds for a query. */
public abstract class SagaSearchConformance extends SagaConformance {

    private static final Set<StepStatus> OPEN =
            EnumSet.of(StepStatus.SENT, StepStatus.UNKNOWN, StepStatus.COMPENSATING, StepStatus.COMPENSATION_FAILED);

    private List<UUID> search(SagaQuery query) {
        return transactions.get(() -> store().search(query));
    }

    private static UUID[] ids(int... numbers) {
        return IntStream.of(numbers).mapToObj(Samples::id).toArray(UUID[]::new);
    }

    private static SagaState state(SagaPhase phase, @Nullable ReasonCode reason) {
        return new SagaState(phase, "data", Map.of(), reason, null, null, null, false, null);
    }

    @Test
    void everything_is_found_in_the_order_of_ids() {
        started(2);
        started(3);
        started(1);

        assertThat(search(SagaQuery.all())).containsExactly(ids(1, 2, 3));
    }

    @Test
    void ids_go_by_their_bytes_and_not_by_signed_numbers() {
        started(40_000);
        insert(PARCEL, "high", change(new UUID(0xf199_0000_0000_7000L, 1)));
        insert(PARCEL, "low", change(new UUID(0x0099_0000_0000_7000L, 1)));

        assertThat(search(SagaQuery.all()))
                .containsExactly(new UUID(0x0099_0000_0000_7000L, 1), id(40_000), new UUID(0xf199_0000_0000_7000L, 1));
    }

    @Test
    void nothing_is_found_where_nothing_is() {
        assertThat(search(SagaQuery.all())).isEmpty();
    }

    @Test
    void by_definition_and_version() {
        insert(PARCEL, "a", change(1));
        insert(PARCEL_2, "b", change(2));
        insert(LETTER, "a", change(3));

        assertThat(search(SagaQuery.all().of("parcel"))).containsExactly(ids(1, 2));
        assertThat(search(SagaQuery.all().of("parcel", 2))).containsExactly(ids(2));
        assertThat(search(SagaQuery.all().of("telegram"))).isEmpty();
    }

    @Test
    void by_search_attributes_of_which_all_must_be_there() {
        insert(PARCEL, "a", change(1).attributes(Map.of("customer", "ann", "city", "Rome")));
        insert(PARCEL, "b", change(2).attributes(Map.of("customer", "ann")));
        insert(LETTER, "c", change(3).attributes(Map.of("city", "Rome")));
        insert(LETTER, "d", change(4));

        assertThat(search(SagaQuery.all().attribute("customer", "ann"))).containsExactly(ids(1, 2));
        assertThat(search(SagaQuery.all().attribute("customer", "ann").attribute("city", "Rome")))
                .containsExactly(ids(1));
        assertThat(search(SagaQuery.all().of("letter").attribute("city", "Rome")))
                .containsExactly(ids(3));
        assertThat(search(SagaQuery.all().attribute("city", "rome"))).isEmpty();
        assertThat(search(SagaQuery.all().attribute("customer", "'; drop table saga_instance; --\"")))
                .isEmpty();
    }

    @Test
    void search_attributes_stay_until_a_change_brings_others() {
        insert(PARCEL, "a", change(1).attributes(Map.of("customer", "ann", "city", "Rome")));
        update(change(stored(1)));
        assertThat(stored(1).attributes()).isEqualTo(Map.of("customer", "ann", "city", "Rome"));

        update(change(stored(1)).attributes(Map.of("customer", "\"bob\" \\ \u00e9")));
        assertThat(stored(1).attributes()).isEqualTo(Map.of("customer", "\"bob\" \\ \u00e9"));
        assertThat(search(SagaQuery.all().attribute("city", "Rome"))).isEmpty();

        update(change(stored(1)).attributes(Map.of()));
        assertThat(stored(1).attributes()).isEmpty();
    }

    @Test
    void by_business_key() {
        insert(PARCEL, "a", change(1));
        insert(PARCEL, "b", change(2));
        insert(LETTER, "a", change(3));

        assertThat(search(SagaQuery.all().withKey("a"))).containsExactly(ids(1, 3));
        assertThat(search(SagaQuery.all().withKey("A"))).isEmpty();
    }

    @Test
    void by_phase() {
        Map<SagaPhase, UUID> ids = new EnumMap<>(SagaPhase.class);
        for (SagaPhase phase : SagaPhase.values()) {
            ids.put(phase, id(ids.size() + 1));
            insert(PARCEL, "key of " + phase, change(id(ids.size())).state(state(phase, null)));
        }

        ids.forEach((phase, id) -> assertThat(search(SagaQuery.all().in(phase))).containsExactly(id));
        assertThat(search(SagaQuery.all().in(SagaPhase.RUNNING, SagaPhase.STUCK)))
                .containsExactlyInAnyOrder(ids.get(SagaPhase.RUNNING), ids.get(SagaPhase.STUCK));
    }

    @Test
    void by_the_step_that_they_wait_at() {
        List<UUID> waiting = new ArrayList<>();
        int number = 0;
        for (StepStatus status : StepStatus.values()) {
            number++;
            if (OPEN.contains(status)) {
                waiting.add(id(number));
            }
            insert(
                    PARCEL,
                    "key " + number,
                    change(number)
                            .step(Samples.step("send", status, null, null))
                            .step(Samples.step("pay", StepStatus.SUCCEEDED, null, null)));
        }

        assertThat(search(SagaQuery.all().at("send"))).containsExactlyElementsOf(waiting);
        assertThat(search(SagaQuery.all().at("pay"))).isEmpty();
    }

    @Test
    void by_reason() {
        insert(PARCEL, "a", change(1).state(state(SagaPhase.STUCK, ReasonCode.RETRIES_EXHAUSTED)));
        insert(PARCEL, "b", change(2).state(state(SagaPhase.COMPENSATING, ReasonCode.REJECTED)));
        started(3);

        assertThat(search(SagaQuery.all().because(ReasonCode.REJECTED))).containsExactly(ids(2));
        assertThat(search(SagaQuery.all().because(ReasonCode.CANCELLED))).isEmpty();
    }

    @Test
    void by_a_message_that_their_history_names() {
        insert(PARCEL, "a", change(1).line(line(1, "STARTED", null)).line(line(2, "REPLY", id(77))));
        SentCommand sent = new SentCommand(id(80), "send", "action", "courier", "pack");
        insert(PARCEL, "b", change(2).line(line(1, "REPLY", id(78)).with(sent)));
        started(3);

        assertThat(search(SagaQuery.all().withMessage(id(77)))).containsExactly(ids(1));
        assertThat(search(SagaQuery.all().withMessage(id(80)))).containsExactly(ids(2));
        assertThat(search(SagaQuery.all().withMessage(id(79)))).isEmpty();
    }

    @Test
    void by_age() {
        started(1);
        on.timePasses(Duration.ofHours(2));
        started(2);
        update(change(1).data("an update makes nobody younger"));
        on.timePasses(Duration.ofHours(2));

        assertThat(search(SagaQuery.all().olderThan(Duration.ofHours(1)))).containsExactly(ids(1, 2));
        assertThat(search(SagaQuery.all().olderThan(Duration.ofHours(3)))).containsExactly(ids(1));
        assertThat(search(SagaQuery.all().olderThan(Duration.ofHours(5)))).isEmpty();
    }

    @Test
    void all_conditions_must_hold() {
        insert(PARCEL, "a", change(1).state(state(SagaPhase.STUCK, ReasonCode.REJECTED)));
        insert(PARCEL, "b", change(2).state(state(SagaPhase.RUNNING, ReasonCode.REJECTED)));
        insert(LETTER, "c", change(3).state(state(SagaPhase.STUCK, ReasonCode.REJECTED)));

        assertThat(search(SagaQuery.all().of("parcel").in(SagaPhase.STUCK).because(ReasonCode.REJECTED)))
                .containsExactly(ids(1));
    }

    @Test
    void page_by_page_everything_is_found_once() {
        IntStream.rangeClosed(1, 7).forEach(this::started);

        List<UUID> first = search(SagaQuery.all().page(null, 3));
        List<UUID> second = search(SagaQuery.all().page(first.get(2), 3));
        List<UUID> third = search(SagaQuery.all().page(second.get(2), 3));

        assertThat(first).containsExactly(ids(1, 2, 3));
        assertThat(second).containsExactly(ids(4, 5, 6));
        assertThat(third).containsExactly(ids(7));
        assertThat(search(SagaQuery.all().page(id(7), 3))).isEmpty();
    }

    @Test
    void what_became_of_an_instance_counts() {
        started(1);

        update(change(1).state(state(SagaPhase.COMPLETED, null)).line(line(5, "REPLY", id(50))));

        assertThat(search(SagaQuery.all().in(SagaPhase.RUNNING))).isEmpty();
        assertThat(search(SagaQuery.all().in(SagaPhase.COMPLETED).withMessage(id(50))))
                .containsExactly(ids(1));
    }

    @Test
    void a_rolled_back_instance_is_not_found() {
        transactions.undone(() -> started(1));

        assertThat(search(SagaQuery.all())).isEmpty();
    }
}
