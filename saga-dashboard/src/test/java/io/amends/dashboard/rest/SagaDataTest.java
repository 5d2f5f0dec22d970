package io.amends.dashboard.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.Deliveries;
import io.amends.dashboard.Deliveries.BringBack;
import io.amends.dashboard.Deliveries.Collect;
import io.amends.dashboard.Deliveries.Collected;
import io.amends.dashboard.Deliveries.Deliver;
import io.amends.dashboard.Deliveries.Parcel;
import io.amends.dashboard.Office;
import io.amends.dashboard.access.MaskedNames;
import io.amends.dashboard.access.Masking;
import io.amends.dashboard.audit.DataEdit;
import io.amends.dashboard.instance.SagaInspection;
import io.amends.dashboard.instance.TimelineEntry;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.dashboard.verbs.ActionTaken;
import io.amends.dashboard.verbs.ConsoleVerb;
import io.amends.dashboard.verbs.ConsoleVerbs;
import io.amends.dashboard.verbs.EditedData;
import io.amends.runtime.flow.Traffic;
import io.amends.runtime.orchestrator.Orchestration;
import io.amends.saga.Masked;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is masked of data that a saga had as another version than the one that it is of now. */
class SagaDataTest {

    /** Version 2 has no note; a process that knows version 2 alone does not know whether a note may be seen. */
    record Label(String id, @Masked String customer) {}

    private static Office office;

    @BeforeAll
    static void open() {
        office = new Office();
    }

    @AfterAll
    static void close() {
        office.close();
    }

    @BeforeEach
    void clear() {
        office.clear();
    }

    private static SagaDefinition second() {
        return SagaDefinition.named("delivery")
                .version(2)
                .data(Label.class)
                .migratesData(1, Parcel.class, parcel -> new Label(parcel.id(), parcel.customer()))
                .step("collect", "vans", Collect.class, label -> new Collect(label.id()))
                .compensatedBy("vans", BringBack.class, label -> new BringBack(label.id()))
                .onReply(Collected.class, (label, reply) -> new Label(label.id(), label.customer() + reply.van()))
                .awaitSignal("clear", "customs", Deliveries.Decision.class)
                .pivot("deliver", "vans", Deliver.class, label -> new Deliver(label.id()))
                .build();
    }

    private final SagaRegistry alone = SagaRegistry.of(List.of(second()), Map.of());
    private final SagaRegistry both = SagaRegistry.of(
            Stream.concat(office.depot.registry.all().stream(), Stream.of(second()))
                    .toList(),
            Map.of());

    private static ActionTaken give(SagaRegistry registry, UUID id, ConsoleVerb verb) {
        Orchestration process = office.depot.orchestration(registry, Traffic.FREE);
        ActionTaken taken = new ConsoleVerbs(
                        process.operations(),
                        registry,
                        office.codec,
                        office.jdbc,
                        office.transactions,
                        office.log,
                        Set.of(),
                        new EditedData(registry, office.codec, new Masking(List.of(), List.of()), true))
                .carryOut(office.order(id, verb));
        assertThat(taken.isDone()).as(taken.explanation()).isTrue();
        return taken;
    }

    private static SagaData shownBy(SagaRegistry registry) {
        return new SagaData(
                office.depot.reads(),
                registry,
                office.codec,
                new Masking(List.of(), MaskedNames.of(registry.all(), office.codec)),
                office.log,
                office.transactions);
    }

    private static List<String> history(SagaRegistry registry, UUID id) {
        SagaInspection inspection = new SagaInspection(office.depot.reads(), StuckAllowances.DEFAULT);
        return shownBy(registry).timeline(inspection.of(id).orElseThrow()).stream()
                .map(TimelineEntry::data)
                .filter(Objects::nonNull)
                .toList();
    }

    private static ConsoleVerb edit(String parcel) {
        return new ConsoleVerb.EditAndRetry(
                "{\"id\":\"%s\",\"customer\":\"carol\",\"note\":\"PIN 4711\"}".formatted(parcel));
    }

    @Test
    void data_of_before_a_move_is_masked_as_the_version_of_then() {
        UUID id = office.stuck("moved");
        give(both, id, new ConsoleVerb.Migrate(2));
        give(both, id, new ConsoleVerb.Pause(null));
        keepData(id, "Started", "{\"id\":\"moved\",\"customer\":\"carol\",\"note\":\"PIN 4711\"}");
        keepData(id, "Migrate", "{\"id\":\"moved\",\"customer\":\"carol\"}");
        keepData(id, "Hold", "{\"id\":\"held\",\"customer\":\"carol\"}");

        assertThat(history(alone, id))
                .as("a process that does not have version 1")
                .containsExactly(
                        "{\"id\":\"***\",\"customer\":\"***\",\"note\":\"***\"}",
                        "{\"id\":\"moved\",\"customer\":\"***\"}",
                        "{\"id\":\"held\",\"customer\":\"***\"}");
        assertThat(history(both, id))
                .as("one that has both")
                .startsWith("{\"id\":\"moved\",\"customer\":\"***\",\"note\":\"PIN 4711\"}");
    }

    /** As where the history keeps the data. */
    private static void keepData(UUID id, String event, String data) {
        assertThat(office.jdbc.update(
                        "update saga_history set data = convert_to(?, 'UTF8') where saga_id = ? and event = ?",
                        data,
                        id,
                        event))
                .isEqualTo(1);
    }

    @Test
    void an_edit_of_before_a_move_is_masked_as_the_version_of_then() {
        UUID id = office.stuck("edited");
        long first = give(office.depot.registry, id, edit("edited")).actionId();
        give(both, id, new ConsoleVerb.Migrate(2));

        DataEdit edit = office.trail.edit(first).orElseThrow();
        DataEdit unknown = shownBy(alone).masked(id, first, edit);
        assertThat(unknown.before()).isEqualTo("{\"customer\":\"***\",\"id\":\"***\",\"note\":\"***\"}");
        assertThat(unknown.after()).isEqualTo(unknown.before());
        assertThat(shownBy(both).masked(id, first, edit).after())
                .contains("\"id\":\"edited\"", "\"customer\":\"***\"", "PIN 4711");
        assertThat(shownBy(office.depot.registry).masked(id, first, edit).after())
                .as("the version of now is not here, and that of then is")
                .contains("\"id\":\"edited\"");
    }
}
