package io.amends.dashboard.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.dashboard.Deliveries.Collected;
import io.amends.dashboard.Deliveries.Parcel;
import io.amends.dashboard.Depot.Sent;
import io.amends.dashboard.Office;
import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsoleRole;
import io.amends.dashboard.audit.ActionState;
import io.amends.dashboard.audit.AuditLine;
import io.amends.dashboard.language.Language;
import io.amends.dashboard.messages.Replays;
import io.amends.dashboard.rest.VerbController.OrderAnswer;
import io.amends.dashboard.tenants.TenantScope;
import io.amends.dashboard.verbs.ConsoleVerb;
import io.amends.outbox.HeaderCodec;
import io.amends.runtime.flow.Traffic;
import io.amends.runtime.orchestrator.Orchestration;
import io.amends.runtime.wire.InboundRecord;
import io.amends.saga.Command;
import io.amends.saga.Success;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import io.amends.saga.engine.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages that were set aside are handed back, and it is told what truly came of that. */
class ReplayControllerTest {

    private static final Caller ANN = new Caller("ann", null, Set.of(ConsoleRole.ADMIN), TenantScope.ALL);
    private static final ReasonRequest DEPLOYED = new ReasonRequest("the new version is deployed");

    private static Office office;
    private static ReplayController controller;

    /** What the next version of the saga asks, and the vans' people answer already. */
    record Fetch(String id) implements Command<Fetched> {}

    record Fetched(String van) implements Success {}

    @BeforeAll
    static void open() {
        office = new Office();
        controller = new ReplayController(new Replays(office.jdbc), office.outcomes, office.log, office.transactions);
    }

    @AfterAll
    static void close() {
        office.close();
    }

    @BeforeEach
    void clear() {
        office.clear();
        List.of("saga_waiting_reply", "saga_inbox_redelivery", "saga_inbox_quarantine")
                .forEach(table -> office.jdbc.update("delete from " + table));
    }

    /** A process with the code that was deployed since. */
    private static Orchestration next() {
        SagaRegistry registry = SagaRegistry.of(
                List.of(SagaDefinition.named("delivery")
                        .version(1)
                        .data(Parcel.class)
                        .searchAttribute("customer", Parcel::customer)
                        .pivot("collect", "vans", Fetch.class, parcel -> new Fetch(parcel.id()))
                        .build()),
                Map.of());
        return office.depot.orchestration(registry, Traffic.FREE);
    }

    /** A reply that the present version does not know, and so has set aside. */
    private static InboundRecord unknownReply(String key) {
        office.start(key);
        InboundRecord reply = office.depot.reply(
                office.depot.takeLast(),
                "fetched",
                Outcome.SUCCESS,
                "{\"van\":\"7\"}".getBytes(StandardCharsets.UTF_8));
        office.orchestration.replies().process(List.of(reply));
        assertThat(setAside()).isEqualTo("UNKNOWN_TYPE");
        return reply;
    }

    private static void setAside(InboundRecord message, String code) {
        office.jdbc.update(
                "insert into saga_inbox_quarantine (topic, partition_no, offset_no, record_key, payload, headers, reason_code, reason)"
                        + " values (?, ?, ?, ?, ?, ?, ?, 'r')",
                message.topic(),
                message.partition(),
                message.offset(),
                message.key(),
                message.value(),
                HeaderCodec.encode(message.headers()),
                code);
    }

    private static @Nullable String setAside() {
        return office.jdbc.queryForObject(
                "select string_agg(reason_code, ' ') from saga_inbox_quarantine", String.class);
    }

    private static InboundRecord command(Sent sent) {
        return new InboundRecord(
                sent.topic(), 0, 77, sent.key().getBytes(StandardCharsets.UTF_8), sent.payload(), sent.headers());
    }

    private static OrderAnswer replay(InboundRecord message) {
        return replay(message, null);
    }

    private static OrderAnswer replay(InboundRecord message, @Nullable String key) {
        return controller.replay(
                message.topic(), message.partition(), message.offset(), key, DEPLOYED, ANN, Language.ENGLISH);
    }

    private static ActionState state(OrderAnswer answer) {
        long id = answer.actionId();
        return office.outcomes.of(List.of(id)).get(id);
    }

    @Test
    void a_reply_of_a_type_that_is_known_by_now_is_taken_and_its_saga_goes_on() {
        InboundRecord reply = unknownReply("k");
        byte[] headers = office.jdbc.queryForObject("select headers from saga_inbox_quarantine", byte[].class);

        OrderAnswer order = replay(reply);

        assertThat(order.state()).isEqualTo(ActionState.ACCEPTED);
        assertThat(setAside()).isNull();
        assertThat(office.row("select * from saga_waiting_reply"))
                .as("byte for byte as it came, where it came")
                .containsEntry("topic", reply.topic())
                .containsEntry("offset_no", reply.offset())
                .containsEntry("record_key", reply.key())
                .containsEntry("payload", reply.value())
                .containsEntry("headers", headers);
        assertThat(state(order)).isEqualTo(ActionState.ACCEPTED);
        assertThat(office.outcomes.settle(10, Duration.ZERO)).isZero();

        next().timers().look();

        assertThat(state(order)).isEqualTo(ActionState.PROGRESSED);
        assertThat(office.outcomes.settle(10, Duration.ZERO)).isEqualTo(1);
        assertThat(office.jdbc.queryForObject("select phase from saga_instance", String.class))
                .isEqualTo("COMPLETED");
        AuditLine line = office.log.line(order.actionId()).orElseThrow();
        assertThat(line.state()).isEqualTo(ActionState.PROGRESSED);
        assertThat(line.entry().verb()).isEqualTo("set-aside-replay");
        assertThat(line.entry().reason()).isEqualTo("the new version is deployed");
        assertThat(line.entry().subject().sagaId()).hasToString(new String(reply.key(), StandardCharsets.UTF_8));
    }

    @Test
    void where_it_is_not_known_still_it_is_set_aside_again_and_that_is_told() {
        InboundRecord reply = unknownReply("k");
        OrderAnswer first = replay(reply);

        office.orchestration.timers().look();

        assertThat(state(first)).isEqualTo(ActionState.FAILED_AGAIN);
        assertThat(setAside()).isEqualTo("UNKNOWN_TYPE");
        OrderAnswer second = replay(reply);
        next().timers().look();
        assertThat(state(second)).isEqualTo(ActionState.PROGRESSED);
        assertThat(state(first)).as("what came of the first one stays").isEqualTo(ActionState.FAILED_AGAIN);
    }

    @Test
    void an_order_that_comes_again_hands_nothing_back_twice() {
        InboundRecord reply = unknownReply("k");
        String key = UUID.randomUUID().toString();

        OrderAnswer first = replay(reply, key);
        office.orchestration.timers().look();
        OrderAnswer again = replay(reply, key);

        assertThat(again.actionId()).isEqualTo(first.actionId());
        assertThat(again.repeated()).isTrue();
        assertThat(again.explanation()).isEqualTo(first.explanation()).endsWith(" is handed back.");
        assertThat(controller
                        .replay(reply.topic(), reply.partition(), reply.offset(), key, DEPLOYED, ANN, Language.GERMAN)
                        .explanation())
                .endsWith(" ist zurückgegeben.");
        assertThat(setAside()).as("it lies where the first one left it").isEqualTo("UNKNOWN_TYPE");
        assertThat(office.number("select count(*) from saga_waiting_reply")).isZero();
        replay(reply);
        assertThatThrownBy(() -> replay(reply)).hasMessageContaining("is not set aside, or not any more");
    }

    @Test
    void a_reply_that_its_saga_knows_already_has_no_effect() {
        UUID id = office.start("k");
        InboundRecord reply = office.depot.reply(office.depot.takeLast(), new Collected("van 7"));
        office.orchestration.replies().process(List.of(reply));
        long revision = office.revision(id);
        setAside(reply, "UNKNOWN_KEY");

        OrderAnswer order = replay(reply);
        office.orchestration.timers().look();

        assertThat(state(order)).isEqualTo(ActionState.NO_EFFECT);
        assertThat(office.revision(id)).isEqualTo(revision);
    }

    @Test
    void without_kafka_the_position_in_the_outbox_is_the_place_that_is_watched() {
        office.start("k");
        InboundRecord reply = office.depot.reply(office.depot.takeLast(), new Collected("van 7"));
        InboundRecord local =
                new InboundRecord(reply.topic(), InboundRecord.OUTBOX, 12, reply.key(), reply.value(), reply.headers());
        setAside(local, "UNKNOWN_KEY");

        OrderAnswer order = replay(local);
        office.orchestration.timers().look();

        assertThat(state(order)).isEqualTo(ActionState.PROGRESSED);
    }

    @Test
    void a_reply_whose_saga_s_code_still_throws_at_it_failed_again() {
        office.start("k");
        InboundRecord reply = office.depot.reply(office.depot.takeLast(), new Collected("unknown van"));
        setAside(reply, "PROCESSING_FAILED");

        OrderAnswer order = replay(reply);
        office.orchestration.timers().look();

        assertThat(state(order)).isEqualTo(ActionState.FAILED_AGAIN);
    }

    @Test
    void another_order_to_the_saga_does_not_end_the_time_of_what_was_handed_back() {
        InboundRecord reply = unknownReply("k");
        UUID id = UUID.fromString(new String(reply.key(), StandardCharsets.UTF_8));
        OrderAnswer order = replay(reply);

        assertThat(office.verbs
                        .carryOut(office.order(id, new ConsoleVerb.Retry()))
                        .result())
                .isEqualTo("DONE");
        assertThat(state(order)).isEqualTo(ActionState.ACCEPTED);

        next().timers().look();
        assertThat(state(order)).isEqualTo(ActionState.PROGRESSED);
    }

    @Test
    void a_late_message_is_handed_back_once_its_saga_is_here() {
        UUID id = office.start("k");
        InboundRecord reply = office.depot.reply(office.depot.takeLast(), new Collected("van 7"));
        UUID elsewhere = UUID.randomUUID();
        office.jdbc.update("update saga_instance set saga_id = ?", elsewhere);
        office.orchestration.replies().process(List.of(reply));
        assertThat(setAside()).isEqualTo("UNKNOWN_SAGA");

        assertRefused(reply, "There is no saga " + id);

        assertThat(setAside()).isEqualTo("UNKNOWN_SAGA");
        office.jdbc.update("update saga_instance set saga_id = ?", id);
        OrderAnswer order = replay(reply);
        office.orchestration.timers().look();
        assertThat(state(order)).isEqualTo(ActionState.PROGRESSED);
    }

    /** It says why, changes nothing, and is noted. */
    private static void assertRefused(InboundRecord message, String why) {
        assertThatThrownBy(() -> replay(message))
                .isInstanceOfSatisfying(ConsoleProblem.class, problem -> {
                    assertThat(problem.problem().status()).isEqualTo(409);
                    assertThat(problem.problem().detail().in(Language.GERMAN)).doesNotContain(why);
                })
                .hasMessageContaining(why);
        assertThat(office.row(
                        "select verb, result, explanation from saga_console_action order by action_id desc limit 1"))
                .containsEntry("verb", "set-aside-replay")
                .containsEntry("result", "REFUSED")
                .hasEntrySatisfying(
                        "explanation", said -> assertThat(said).asString().contains(why));
        assertThat(setAside()).isNotNull();
    }

    @Test
    void what_can_not_be_read_as_a_message_of_a_saga_is_refused() {
        InboundRecord nothing = new InboundRecord("saga.delivery.replies", 0, 5, null, null, Map.of());
        setAside(nothing, "MALFORMED_HEADERS");
        assertRefused(nothing, "has no header saga_outcome");

        office.jdbc.update("update saga_inbox_quarantine set headers = ?", new byte[] {0, 0, 0, 9});
        assertRefused(nothing, "Its headers are damaged");
    }

    @Test
    void a_command_that_its_saga_waits_for_is_carried_out_and_the_answer_to_it_is_what_counts() {
        office.start("k");
        Sent sent = office.depot.takeLast();
        InboundRecord command = command(sent);
        setAside(command, "UNKNOWN_TYPE");

        OrderAnswer order = replay(command);

        assertThat(office.row("select * from saga_inbox_redelivery where next_attempt_at <= clock_timestamp()"))
                .containsEntry("participant", "vans")
                .containsEntry("step", "collect")
                .containsEntry("kind", "action")
                .containsEntry("offset_no", 77L)
                .containsEntry("payload", command.value())
                .containsEntry("headers", HeaderCodec.encode(command.headers()));
        assertThat(state(order)).isEqualTo(ActionState.ACCEPTED);
        office.jdbc.update("delete from saga_inbox_redelivery");
        assertThat(state(order)).isEqualTo(ActionState.ATTEMPTED);

        office.orchestration
                .replies()
                .process(List.of(office.depot.replyFrom("saga.vans.commands-0@77", sent, new Collected("van 7"))));
        assertThat(state(order)).isEqualTo(ActionState.PROGRESSED);
    }

    @Test
    void a_command_that_is_set_aside_again_failed_again() {
        office.start("k");
        InboundRecord command = command(office.depot.takeLast());
        setAside(command, "HANDLER_FAILED");
        OrderAnswer order = replay(command);

        office.jdbc.update("delete from saga_inbox_redelivery");
        setAside(command, "HANDLER_FAILED");

        assertThat(state(order)).isEqualTo(ActionState.FAILED_AGAIN);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    update saga_step set status = 'SUCCEEDED'                | does not wait for it any more
                    update saga_step set participant = 'carts'               | does not wait for it any more
                    update saga_instance set phase = 'COMPENSATED'           | does not wait for it any more
                    update saga_instance set cause_code = 'REQUESTED'        | has turned back
                    update saga_step set first_sent_at = clock_timestamp()   | was asked anew since
                    delete from saga_instance                                | is not in this database
                    update saga_inbox_quarantine set reason_code = 'BAD_SIGNATURE' | was refused with BAD_SIGNATURE
                    """)
    void a_command_that_must_not_take_effect_any_more_is_refused(String change, String why) {
        office.start("k");
        InboundRecord command = command(office.depot.takeLast());
        setAside(command, "UNKNOWN_TYPE");
        office.jdbc.update(change);

        assertRefused(command, why);

        assertThat(office.number("select count(*) from saga_inbox_redelivery")).isZero();
    }

    @Test
    void a_command_that_waits_for_its_next_attempt_already_is_not_handed_back_beside_it() {
        office.start("k");
        InboundRecord command = command(office.depot.takeLast());
        setAside(command, "HANDLER_FAILED");
        replay(command);
        setAside(command, "HANDLER_FAILED");

        assertRefused(command, "waits for its next attempt already");

        assertThat(office.number("select count(*) from saga_inbox_redelivery")).isEqualTo(1);
    }
}
