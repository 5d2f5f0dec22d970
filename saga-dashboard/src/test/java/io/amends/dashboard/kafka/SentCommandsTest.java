package io.amends.dashboard.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.dashboard.Deliveries.Parcel;
import io.amends.dashboard.Depot;
import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsoleRole;
import io.amends.dashboard.kafka.CommandPlace.State;
import io.amends.dashboard.rest.ConsoleProblem;
import io.amends.dashboard.tenants.SagaTenants;
import io.amends.dashboard.tenants.TenantScope;
import io.amends.saga.SagaKey;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the database knows of a command before Kafka is asked for it; Kafka is not there. */
class SentCommandsTest {

    private static final Caller ANN = caller(TenantScope.ALL);

    private static Depot depot;

    private final SentCommands commands = new SentCommands(depot.reads());
    private final List<SentCommand> asked = new ArrayList<>();

    @BeforeAll
    static void open() {
        depot = new Depot();
    }

    @AfterAll
    static void close() {
        depot.close();
    }

    @BeforeEach
    void clear() {
        depot.clear();
    }

    private static Caller caller(TenantScope scope) {
        return new Caller("ann", null, Set.of(ConsoleRole.VIEWER), scope);
    }

    private static UUID start(String key) {
        return depot.orchestration()
                .sagas()
                .start("delivery", Parcel.of(key), SagaKey.of(key))
                .sagaId();
    }

    private static UUID message(UUID saga) {
        return Objects.requireNonNull(depot.jdbc.queryForObject(
                "select message_id from saga_timeline where saga_id = ? and event = 'Sent'", UUID.class, saga));
    }

    private SentCommands.Stage stage(UUID saga) {
        return commands.of(saga, message(saga)).orElseThrow().stage();
    }

    private PlaceController controller(SentCommands known, State told) {
        return new PlaceController(known, new SagaTenants(depot.reads()), command -> {
            asked.add(command);
            assertThat(depot.pool().getHikariPoolMXBean().getActiveConnections())
                    .as("connections that wait for Kafka")
                    .isZero();
            return CommandPlace.unasked(told, command.topic());
        });
    }

    @Test
    void a_command_waits_in_the_outbox_until_the_relay_has_noted_that_it_is_published() {
        UUID saga = start("k");
        assertThat(stage(saga)).isEqualTo(SentCommands.Stage.WAITS);

        depot.jdbc.update("update saga_lane set published_to = pg_current_snapshot()");
        assertThat(stage(saga))
                .as("what is published lies there until its segment is emptied")
                .isEqualTo(SentCommands.Stage.PUBLISHED);
        depot.take();
        assertThat(stage(saga)).isEqualTo(SentCommands.Stage.PUBLISHED);
        depot.jdbc.update("update saga_lane set published_to = '1:1:'");
    }

    @Test
    void it_waits_too_where_its_transaction_was_open_at_the_cursor_or_the_end_of_a_chunk_was_before_it() {
        UUID saga = start("k");

        depot.jdbc.update("""
                update saga_lane set published_to = (o.xid::text || ':' || (o.xid::text::bigint + 1) || ':' || o.xid::text)::pg_snapshot
                  from saga_outbox o""");
        assertThat(stage(saga)).isEqualTo(SentCommands.Stage.WAITS);
        depot.jdbc.update("""
                update saga_lane set published_to = '1:1:', cut_to = pg_current_snapshot(), cut_position = o.position - 1
                  from saga_outbox o""");
        assertThat(stage(saga)).isEqualTo(SentCommands.Stage.WAITS);
        depot.jdbc.update("update saga_lane set cut_position = cut_position + 1");
        assertThat(stage(saga)).isEqualTo(SentCommands.Stage.PUBLISHED);
        depot.jdbc.update("update saga_lane set published_to = '1:1:', cut_to = null, cut_position = null");
    }

    @Test
    void what_kafka_refused_is_parked() {
        UUID saga = start("k");
        depot.jdbc.update("""
                insert into saga_parked (position, id, aggregatetype, aggregateid, type, payload, headers, bucket, xid, created_at)
                select position, id, aggregatetype, aggregateid, type, payload, headers, bucket, xid, created_at from saga_outbox""");
        depot.take();

        assertThat(stage(saga)).isEqualTo(SentCommands.Stage.PARKED);
        assertThat(controller(commands, State.FOUND)
                        .place(saga, message(saga), ANN)
                        .state())
                .isEqualTo(State.PARKED);
        assertThat(asked).isEmpty();
        depot.jdbc.execute("truncate saga_parked");
    }

    @Test
    void kafka_is_asked_for_what_is_published_and_no_connection_waits_meanwhile() {
        UUID saga = start("k");
        PlaceController controller = controller(commands, State.NOT_FOUND);
        assertThat(controller.place(saga, message(saga), ANN).state()).isEqualTo(State.NOT_PUBLISHED);
        assertThat(asked).isEmpty();
        depot.take();

        CommandPlace told = controller.place(saga, message(saga), ANN);

        assertThat(told.state()).isEqualTo(State.NOT_FOUND);
        assertThat(told.trouble()).isNull();
        assertThat(asked).singleElement().satisfies(command -> {
            assertThat(command.topic()).isEqualTo("saga.vans.commands");
            assertThat(command.key()).isEqualTo(saga.toString());
            assertThat(command.messageId()).isEqualTo(message(saga));
            assertThat(command.sentAt()).isEqualTo(sentAt(saga));
        });
    }

    private static Instant sentAt(UUID saga) {
        return Objects.requireNonNull(depot.jdbc.queryForObject(
                        "select at from saga_timeline where saga_id = ? and event = 'Sent'",
                        OffsetDateTime.class,
                        saga))
                .toInstant();
    }

    @Test
    void where_too_much_waits_to_be_looked_through_that_is_told() {
        UUID saga = start("k");
        depot.take();
        start("before it");
        SentCommands few = new SentCommands(depot.reads(), 1);

        assertThat(few.of(saga, message(saga)).orElseThrow().stage()).isEqualTo(SentCommands.Stage.UNSURE);
        assertThat(controller(few, State.NOT_FOUND)
                        .place(saga, message(saga), ANN)
                        .trouble())
                .startsWith("It may be in the outbox still");
        assertThat(controller(few, State.FOUND).place(saga, message(saga), ANN).trouble())
                .isNull();
    }

    @Test
    void only_commands_of_a_saga_that_somebody_sees_are_looked_for() {
        UUID saga = start("k");
        UUID other = start("other");
        PlaceController controller = controller(commands, State.FOUND);
        Caller theirs = caller(TenantScope.of("customer", List.of("customer-k")));

        assertThat(controller.place(saga, message(saga), theirs).state()).isEqualTo(State.NOT_PUBLISHED);
        assertThatThrownBy(() -> controller.place(other, message(other), theirs))
                .isInstanceOf(ConsoleProblem.class);
        assertThatThrownBy(() -> controller.place(saga, message(other), ANN))
                .isInstanceOf(ConsoleProblem.class)
                .hasMessageContaining("saga " + saga + " has no command with that message");
    }
}
