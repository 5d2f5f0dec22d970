package io.amends.test.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.runtime.StartedSaga;
import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.Compensation;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Saga;
import io.amends.saga.SagaKey;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.Success;
import io.amends.saga.engine.SagaPhase;
import io.amends.test.memory.MemoryDatabase;
import io.amends.test.memory.MemoryTable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a user does with a simulation. */
class SimulationTest {

    record Party(String host, int guests) {}

    record OrderCake(String host) implements Command<CakeOrdered> {}

    record CakeOrdered() implements Success {}

    record CancelCake(String host) implements Command<CakeCancelled> {}

    record CakeCancelled() implements Success {}

    record RentHall(int guests) implements Command<HallReply> {}

    sealed interface HallReply extends Reply {}

    record HallRented() implements HallReply, Success {}

    record HallTooSmall() implements HallReply, Rejection {}

    @Saga(name = "party")
    static class PartySaga {

        @SagaStep(order = 1, name = "cake", participant = "bakery")
        OrderCake cake(Party party) {
            return new OrderCake(party.host());
        }

        @Compensation(of = "cake", participant = "bakery")
        CancelCake noCake(Party party) {
            return new CancelCake(party.host());
        }

        @SagaStep(order = 2, name = "hall", participant = "town", kind = StepKind.PIVOT)
        RentHall hall(Party party) {
            return new RentHall(party.guests());
        }
    }

    static class Bakery {

        private final MemoryTable<String, Integer> cakes;

        Bakery(MemoryDatabase database) {
            this.cakes = database.table("cakes");
        }

        @CommandHandler
        CakeOrdered on(OrderCake command) {
            cakes.put(command.host(), cakes.lock(command.host()).orElse(0) + 1);
            return new CakeOrdered();
        }

        @CommandHandler
        CakeCancelled on(CancelCake command) {
            cakes.put(command.host(), cakes.lock(command.host()).orElse(0) - 1);
            return new CakeCancelled();
        }
    }

    static class Town {

        @CommandHandler
        HallReply on(RentHall command) {
            return command.guests() > 50 ? new HallTooSmall() : new HallRented();
        }
    }

    private static SimulationBuilder parties() {
        return Simulation.of(new PartySaga())
                .participant("bakery", Bakery::new)
                .participant("town", database -> new Town());
    }

    private static StartedSaga start(Simulation simulation, Party party) {
        return simulation.sagas().start(PartySaga.class, party, SagaKey.of(party.host()));
    }

    private static SagaPhase phase(Simulation simulation, StartedSaga started) {
        return simulation.sagas().find(started.sagaId()).orElseThrow().phase();
    }

    private static int cakes(Simulation simulation, String host) {
        return simulation
                .database("bakery")
                .<String, Integer>table("cakes")
                .get(host)
                .orElse(0);
    }

    @Test
    void a_saga_runs_to_its_end_without_any_server() {
        Simulation simulation = parties().build();
        StartedSaga small = start(simulation, new Party("ann", 10));
        StartedSaga large = start(simulation, new Party("bob", 80));

        assertThat(simulation.untilQuiet(Duration.ofMinutes(1))).isTrue();

        assertThat(phase(simulation, small)).isEqualTo(SagaPhase.COMPLETED);
        assertThat(phase(simulation, large)).isEqualTo(SagaPhase.COMPENSATED);
        assertThat(cakes(simulation, "ann")).isEqualTo(1);
        assertThat(cakes(simulation, "bob")).isZero();
    }

    @Test
    void faults_do_not_change_how_it_ends() {
        for (long seed = 1; seed <= 100; seed++) {
            Simulation simulation = parties().faults(Faults.some()).seed(seed).build();
            StartedSaga small = start(simulation, new Party("ann", 10));
            StartedSaga large = start(simulation, new Party("bob", 80));

            simulation.run(60);
            simulation.heal();

            assertThat(simulation.untilQuiet(Duration.ofDays(1)))
                    .as("seed %d", seed)
                    .isTrue();
            assertThat(phase(simulation, large)).as("seed %d", seed).isEqualTo(SagaPhase.COMPENSATED);
            assertThat(cakes(simulation, "bob")).as("seed %d", seed).isZero();
            assertThat(cakes(simulation, "ann"))
                    .as("seed %d", seed)
                    .isEqualTo(phase(simulation, small) == SagaPhase.COMPLETED ? 1 : 0);
            assertThat(simulation.troubles()).as("seed %d", seed).isEmpty();
        }
    }

    @Test
    void what_nobody_can_do_is_undone_under_faults() {
        Party party = new Party("ann", 80);
        Simulation simulation = Simulation.of(new PartySaga())
                .participant("bakery", Bakery::new) // gets its database: new Bakery(database)
                .participant("town", database -> new Town())
                .faults(Faults.some())
                .seed(42)
                .build();
        StartedSaga started = simulation.sagas().start(PartySaga.class, party, SagaKey.of("ann"));

        simulation.run(200); // so many things happen, faults among them
        simulation.heal(); // from now on nothing goes wrong
        assertThat(simulation.untilQuiet(Duration.ofDays(1))).isTrue();
        assertThat(simulation.sagas().find(started.sagaId()).orElseThrow().phase())
                .isEqualTo(SagaPhase.COMPENSATED);
    }

    @Test
    void time_passes_only_when_it_is_told_to() {
        Simulation simulation = parties().build();
        Instant before = simulation.now();

        simulation.pass(Duration.ofHours(2));

        assertThat(simulation.now()).isEqualTo(before.plus(Duration.ofHours(2)));
    }

    @Test
    void a_handler_that_throws_is_delivered_to_again() {
        Simulation simulation =
                parties().faults(Faults.none().withHandlerError(0.5)).seed(3).build();
        StartedSaga started = start(simulation, new Party("ann", 10));

        simulation.run(300);
        simulation.heal();
        simulation.untilQuiet(Duration.ofDays(1));

        assertThat(simulation.faultsThatStruck()).isNotEmpty();
        assertThat(phase(simulation, started)).isEqualTo(SagaPhase.COMPLETED);
        assertThat(cakes(simulation, "ann")).isEqualTo(1);
    }

    @Test
    void an_action_waits_while_its_participant_is_held() {
        Simulation simulation =
                parties().faults(Faults.none().withHold(0.3)).seed(1).build();
        List<StartedSaga> started = IntStream.range(0, 20)
                .mapToObj(number -> start(simulation, new Party("guest-" + number, 10)))
                .toList();
        boolean waited = false;
        for (int step = 0; step < 200; step++) {
            simulation.run(1);
            waited |= started.stream()
                    .flatMap(saga -> simulation.sagas().find(saga.sagaId()).orElseThrow().steps().stream())
                    .anyMatch(each -> each.heldFor() != null);
        }
        simulation.heal();
        simulation.untilQuiet(Duration.ofDays(1));

        assertThat(waited).isTrue();
        assertThat(started)
                .allSatisfy(saga -> assertThat(phase(simulation, saga)).isEqualTo(SagaPhase.COMPLETED));
    }

    @Test
    void a_saga_whose_participant_is_not_there_is_not_quiet_but_goes_on_asking() {
        Simulation simulation = Simulation.of(new PartySaga())
                .participant("bakery", Bakery::new)
                .build();
        StartedSaga started = start(simulation, new Party("ann", 10));

        assertThat(simulation.untilQuiet(Duration.ofMinutes(2))).isFalse();

        assertThat(phase(simulation, started)).isEqualTo(SagaPhase.RUNNING);
        assertThatThrownBy(() -> simulation.database("town"))
                .hasMessageContaining("'town'")
                .hasMessageContaining("bakery");
    }

    @Test
    void a_chance_is_a_number_from_0_to_1() {
        assertThatThrownBy(() -> Faults.none().withCrash(1.5))
                .hasMessageContaining("crash")
                .hasMessageContaining("1.5");
    }
}
