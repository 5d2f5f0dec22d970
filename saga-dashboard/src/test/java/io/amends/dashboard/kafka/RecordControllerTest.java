package io.amends.dashboard.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.dashboard.Deliveries.Collected;
import io.amends.dashboard.Depot.Sent;
import io.amends.dashboard.Office;
import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsoleRole;
import io.amends.dashboard.access.Masking;
import io.amends.dashboard.kafka.SagaRecord.State;
import io.amends.dashboard.messages.RawMessage;
import io.amends.dashboard.messages.RawMessages;
import io.amends.dashboard.rest.ConsoleProblem;
import io.amends.dashboard.rest.Contents;
import io.amends.dashboard.rest.ReasonRequest;
import io.amends.dashboard.tenants.SagaTenants;
import io.amends.dashboard.tenants.TenantScope;
import io.amends.runtime.wire.InboundRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which record Kafka is asked for when somebody wants to see a message of a saga; Kafka is not there. */
class RecordControllerTest {

    private static final Caller ANN = caller(TenantScope.ALL);

    private static Office office;

    private final List<Object> asked = new ArrayList<>();
    private final RecordController controller = controller(new RecordSource() {
        @Override
        public SagaRecord read(RecordPlace place, UUID messageId) {
            return seen(List.of(place.toString(), messageId));
        }

        @Override
        public SagaRecord read(SentCommand sought) {
            return seen(sought.messageId());
        }
    });

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

    private static Caller caller(TenantScope scope) {
        return new Caller("ann", null, Set.of(ConsoleRole.VIEWER), scope);
    }

    private static RecordController controller(RecordSource kafka) {
        return controller(kafka, new SentCommands(office.depot.reads()));
    }

    /** Where Kafka tells that of every message. */
    private static RecordController controllerThatReads(SagaRecord told, SentCommands commands) {
        return controller(
                new RecordSource() {
                    @Override
                    public SagaRecord read(RecordPlace place, UUID messageId) {
                        return told;
                    }

                    @Override
                    public SagaRecord read(SentCommand sought) {
                        return told;
                    }
                },
                commands);
    }

    private static RecordController controller(RecordSource kafka, SentCommands commands) {
        return new RecordController(
                new NotedMessages(office.depot.reads()),
                commands,
                new RawMessages(office.depot.reads()),
                kafka,
                new SagaTenants(office.depot.reads()),
                new Contents(new Masking(List.of(), Set.of()), Set.of()),
                office.log,
                office.transactions);
    }

    private SagaRecord seen(Object what) {
        assertThat(office.depot.pool().getHikariPoolMXBean().getActiveConnections())
                .as("connections that wait for Kafka")
                .isZero();
        asked.add(what);
        return SagaRecord.unread(State.GONE, null, null);
    }

    private State state(UUID saga, UUID message) {
        return controller.record(saga, message, ANN).state();
    }

    private static UUID reply(UUID saga) {
        return Objects.requireNonNull(office.jdbc.queryForObject(
                "select message_id from saga_timeline where saga_id = ? and event = 'ReplyReceived'",
                UUID.class,
                saga));
    }

    @Test
    void a_reply_and_its_command_are_read_where_they_were_read_before() {
        UUID saga = office.start("k");
        Sent command = office.depot.takeLast();
        InboundRecord answer = office.depot.replyFrom("saga.vans.commands-2@42", command, new Collected("van 7"));
        office.orchestration.replies().process(List.of(answer));
        UUID reply = reply(saga);

        assertThat(state(saga, reply)).isEqualTo(State.GONE);
        assertThat(state(saga, command.id())).isEqualTo(State.GONE);

        assertThat(asked)
                .containsExactly(
                        List.of("saga.delivery.replies-0@" + answer.offset(), reply),
                        List.of("saga.vans.commands-2@42", command.id()));
    }

    @Test
    void a_command_whose_place_nobody_told_is_looked_for_once_it_is_published() {
        UUID saga = office.start("k");
        UUID message = Objects.requireNonNull(office.jdbc.queryForObject(
                "select message_id from saga_timeline where saga_id = ? and event = 'Sent'", UUID.class, saga));

        assertThat(state(saga, message)).isEqualTo(State.NOT_PUBLISHED);
        assertThat(asked).isEmpty();

        office.jdbc.update("""
                insert into saga_parked (position, id, aggregatetype, aggregateid, type, payload, headers, bucket, xid, created_at)
                select position, id, aggregatetype, aggregateid, type, payload, headers, bucket, xid, created_at from saga_outbox""");
        office.depot.take();
        assertThat(state(saga, message)).isEqualTo(State.PARKED);
        assertThat(asked).isEmpty();

        office.jdbc.execute("truncate saga_parked");
        assertThat(state(saga, message)).isEqualTo(State.GONE);
        assertThat(asked).containsExactly(message);
    }

    @Test
    void a_reply_whose_place_was_not_noted_can_not_be_read_and_without_kafka_none_can() {
        UUID saga = office.start("k");
        office.answer(new Collected("van 7"));
        office.jdbc.update("update saga_history set place = 'saga.delivery.replies@9 of the outbox'");

        assertThat(state(saga, reply(saga))).isEqualTo(State.NO_PLACE);
        assertThat(asked).isEmpty();
        assertThat(controller(new RecordSource.WithoutKafka())
                        .record(saga, reply(saga), ANN)
                        .state())
                .isEqualTo(State.NO_KAFKA);
    }

    @Test
    void what_waits_here_is_told_to_who_sees_its_saga() {
        UUID saga = office.start("k");
        UUID other = office.start("other");
        waits(saga, 9);
        waits(other, 10);
        Caller theirs = caller(TenantScope.of("customer", List.of("customer-k")));

        assertThat(Objects.requireNonNull(controller
                                .waiting(saga, "saga.a-1.replies-3@9", theirs)
                                .payload())
                        .text())
                .isEqualTo("{\"van\":\"***\"}");
        for (String place : List.of("saga.a-1.replies-3@8", "saga.a-1.replies@9", "3@9")) {
            assertThatThrownBy(() -> controller.waiting(saga, place, theirs))
                    .isInstanceOf(ConsoleProblem.class)
                    .hasMessageContaining("No message of saga " + saga + " waits here");
        }
        assertThatThrownBy(() -> controller.waiting(other, "saga.a-1.replies-3@9", ANN))
                .isInstanceOf(ConsoleProblem.class);
        assertThat(controller.waiting(other, "saga.a-1.replies-3@10", ANN).payload())
                .isNotNull();
        assertThatThrownBy(() -> controller.waiting(other, "saga.a-1.replies-3@10", theirs))
                .as("what waits for a saga of another tenant")
                .isInstanceOf(ConsoleProblem.class)
                .hasMessageContaining("saga " + other + " has no such message");
        office.jdbc.execute("truncate saga_waiting_reply");
    }

    private static void waits(UUID saga, long offset) {
        office.jdbc.update(
                "insert into saga_waiting_reply (topic, partition_no, offset_no, saga_id, payload, headers)"
                        + " values ('saga.a-1.replies', 3, ?, ?, ?, '')",
                offset,
                saga,
                "{\"van\":\"7\"}".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void only_messages_of_a_saga_that_somebody_sees_are_read() {
        UUID saga = office.start("k");
        office.answer(new Collected("van 7"));
        UUID other = office.start("other");
        office.answer(new Collected("van 7"));
        Caller theirs = caller(TenantScope.of("customer", List.of("customer-k")));

        assertThat(controller.record(saga, reply(saga), theirs).state()).isEqualTo(State.GONE);
        assertThatThrownBy(() -> controller.record(other, reply(other), theirs)).isInstanceOf(ConsoleProblem.class);
        assertThatThrownBy(() -> controller.record(saga, reply(other), ANN))
                .isInstanceOf(ConsoleProblem.class)
                .hasMessageContaining("saga " + saga + " has no such message");
    }

    @Test
    void what_a_message_holds_is_masked_until_somebody_asks_who_is_noted_then() {
        UUID saga = office.start("k");
        UUID message = office.depot.takeLast().id();
        SagaRecord found = new SagaRecord(
                State.FOUND,
                "saga.vans.commands-2@42",
                Instant.EPOCH,
                0,
                null,
                null,
                new RawMessage("collect", Map.of(), "{\"van\":\"7\"}".getBytes(StandardCharsets.UTF_8)));
        RecordController reads = controllerThatReads(found, new SentCommands(office.depot.reads()));

        assertThat(payload(reads.record(saga, message, ANN))).isEqualTo("{\"van\":\"***\"}");
        assertThat(office.heard).isEmpty();

        assertThat(payload(reads.unmask(saga, message, new ReasonRequest("the customer calls"), ANN)))
                .isEqualTo("{\"van\":\"7\"}");
        assertThat(office.heard).singleElement().satisfies(line -> {
            assertThat(line.entry().verb()).isEqualTo("unmask-message");
            assertThat(line.entry().operator().name()).isEqualTo("ann");
            assertThat(line.entry().reason()).isEqualTo("the customer calls");
            assertThat(line.entry().subject().sagaId()).isEqualTo(saga);
            assertThat(line.entry().arguments()).contains(message.toString(), "saga.vans.commands-2@42");
        });
        office.heard.clear();

        assertThat(controller
                        .unmask(saga, message, new ReasonRequest("again"), ANN)
                        .contents())
                .isNull();
        assertThat(office.heard).as("of who got nothing to see").isEmpty();
    }

    private static String payload(RecordController.RecordAnswer answer) {
        return Objects.requireNonNull(Objects.requireNonNull(answer.contents()).payload())
                .text();
    }

    @Test
    void where_a_command_was_not_found_and_may_wait_behind_what_was_looked_through_that_is_told() {
        UUID saga = office.start("k");
        UUID message = office.depot.takeLast().id();
        office.start("before it");
        SentCommands few = new SentCommands(office.depot.reads(), 1);

        assertThat(controllerThatReads(SagaRecord.missing(true, 9, Instant.EPOCH), few)
                        .record(saga, message, ANN)
                        .trouble())
                .startsWith("It may be in the outbox still");
        assertThat(controllerThatReads(SagaRecord.unread(State.GONE, null, null), few)
                        .record(saga, message, ANN)
                        .trouble())
                .isNull();
    }

    @Test
    void a_place_is_read_as_it_is_written() {
        assertThat(RecordPlace.of("saga.t-1.commands-12@345")).hasValue(new RecordPlace("saga.t-1.commands", 12, 345));
        assertThat(RecordPlace.of("saga.t.commands--1@5")).hasValue(new RecordPlace("saga.t.commands", -1, 5));
        assertThat(new RecordPlace("t", 2, 3)).hasToString("t-2@3");
        for (String other : List.of("", "t", "t-2", "t@3", "t-2@", "t-2@x", "t x-2@3", "t-99999999999@3")) {
            assertThat(RecordPlace.of(other)).as(other).isEmpty();
        }
        assertThat(RecordPlace.of(null)).isEmpty();
    }
}
