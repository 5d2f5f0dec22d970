package io.amends.dashboard.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.dashboard.Deliveries;
import io.amends.dashboard.Deliveries.BringBack;
import io.amends.dashboard.Deliveries.Collect;
import io.amends.dashboard.Deliveries.Collected;
import io.amends.dashboard.Deliveries.Deliver;
import io.amends.dashboard.Deliveries.Parcel;
import io.amends.dashboard.Deliveries.Tell;
import io.amends.dashboard.Office;
import io.amends.dashboard.audit.ActionState;
import io.amends.runtime.flow.Traffic;
import io.amends.runtime.orchestrator.JdbcSagaStore;
import io.amends.runtime.orchestrator.Orchestration;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sagas that are moved to a version by a process that has no other. */
class MigrateTest {

    private static final ConsoleVerb.Migrate TO_2 = new ConsoleVerb.Migrate(2);

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

    /** The delivery, which tells twice; collected by those. */
    private static SagaRegistry second(String collectors) {
        return SagaRegistry.of(
                List.of(SagaDefinition.named("delivery")
                        .version(2)
                        .data(Parcel.class)
                        .step("collect", collectors, Collect.class, parcel -> new Collect(parcel.id()))
                        .compensatedBy(collectors, BringBack.class, parcel -> new BringBack(parcel.id()))
                        .awaitSignal("clear", "customs", Deliveries.Decision.class)
                        .pivot("deliver", "vans", Deliver.class, parcel -> new Deliver(parcel.id()))
                        .retriable("tell", "mail", Tell.class, parcel -> new Tell(parcel.id()))
                        .retriable("tell-again", "mail", Tell.class, parcel -> new Tell(parcel.id()))
                        .build()),
                Map.of());
    }

    private static Orchestration process(SagaRegistry registry) {
        return office.depot.orchestration(registry, Traffic.FREE);
    }

    private static ActionTaken give(SagaRegistry registry, UUID id, ConsoleVerb verb, String... fourEyes) {
        return new ConsoleVerbs(
                        process(registry).operations(),
                        registry,
                        office.codec,
                        office.jdbc,
                        office.transactions,
                        office.log,
                        Set.of(fourEyes))
                .carryOut(office.order(id, verb));
    }

    private static Foreseen foreseen(SagaRegistry registry, UUID id) {
        return new Foresight(registry, new JdbcSagaStore(office.jdbc), office.codec)
                .of(List.of(id), TO_2)
                .get(0);
    }

    private static long version(UUID id) {
        return office.number("select saga_version from saga_instance where saga_id = ?", id);
    }

    @Test
    void a_stuck_saga_is_moved_as_it_was_foreseen_and_its_line_says_where_to() {
        UUID id = office.stuck("moved");
        SagaRegistry here = second("vans");

        assertThat(foreseen(here, id).text()).isEqualTo("goes on as version 2, it is STUCK then");
        ActionTaken taken = give(here, id, TO_2);

        assertThat(taken.result()).isEqualTo("DONE");
        assertThat(taken.state()).isEqualTo(ActionState.PROGRESSED);
        assertThat(version(id)).isEqualTo(2);
        assertThat(office.lines(id)).singleElement().satisfies(line -> {
            assertThat(line.entry().verb()).isEqualTo("migrate");
            assertThat(line.entry().arguments()).isEqualTo("{\"version\":\"2\"}");
        });
        assertThat(give(here, id, new ConsoleVerb.Retry()).result()).isEqualTo("DONE");
    }

    @Test
    void one_that_waited_for_a_process_goes_on_and_what_comes_of_it_is_seen() {
        UUID id = office.start("waits");
        SagaRegistry here = second("vans");
        Orchestration process = process(here);
        process.replies().process(List.of(office.depot.reply(office.depot.takeLast(), new Collected("van 7"))));
        assertThat(office.phase(id)).isEqualTo("STUCK");

        ActionTaken taken = give(here, id, TO_2);
        process.timers().look();

        assertThat(taken.state()).isEqualTo(ActionState.ACCEPTED);
        assertThat(office.phase(id)).isEqualTo("RUNNING");
        assertThat(office.row("select status from saga_step where saga_id = ? and step = 'clear'", id))
                .containsEntry("status", "SENT");
        assertThat(office.outcomes.of(List.of(taken.actionId()))).containsValue(ActionState.PROGRESSED);
    }

    @Test
    void one_that_runs_is_moved_and_that_is_all() {
        UUID id = office.start("runs");
        office.depot.take();

        assertThat(give(second("vans"), id, TO_2).state()).isEqualTo(ActionState.PROGRESSED);

        assertThat(office.depot.take()).isEmpty();
        assertThat(office.phase(id)).isEqualTo("RUNNING");
    }

    @Test
    void what_stands_in_the_way_is_foreseen_told_and_in_the_audit() {
        UUID id = office.stuck("differs");
        SagaRegistry here = second("bikes");

        String sentence = foreseen(here, id).text();
        ActionTaken taken = give(here, id, TO_2);

        assertThat(sentence).startsWith("Step 'collect' is SENT, and another one in version 2");
        assertThat(taken.result()).isEqualTo("NOT_ALLOWED");
        assertThat(taken.explanation()).isEqualTo(sentence);
        assertThat(office.lines(id).get(0).entry().explanation()).isEqualTo(sentence);
        assertThat(version(id)).isEqualTo(1);
    }

    @Test
    void a_version_that_is_not_here_is_refused_by_its_number() {
        UUID id = office.stuck("not-here");

        assertThat(give(second("vans"), id, new ConsoleVerb.Migrate(9)).explanation())
                .startsWith("This process does not have version 9 of 'delivery'.");
    }

    @Test
    void it_can_need_a_second_person() {
        UUID id = office.stuck("two");

        assertThatThrownBy(() -> give(second("vans"), id, TO_2, "migrate")).isInstanceOf(ApprovalNeededException.class);
        assertThat(version(id)).isEqualTo(1);
    }
}
