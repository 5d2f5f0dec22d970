package io.amends.dashboard.instance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.amends.dashboard.Deliveries.Cleared;
import io.amends.dashboard.Deliveries.Collected;
import io.amends.dashboard.Deliveries.Forbidden;
import io.amends.dashboard.Depot.Sent;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.runtime.wire.WireHeaders;
import io.amends.saga.engine.Outcome;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the page of one saga shows: its steps, its timeline and its messages, for sagas that the real engine moves. */
class SagaInspectionTest extends InspectionFixture {

    @Test
    void a_saga_that_is_not_here_is_not_found() {
        assertThat(inspection.of(UUID.randomUUID())).isEmpty();
    }

    @Test
    void steps_stand_in_order_with_a_forward_lane_and_one_of_compensations() {
        UUID id = start();
        answer(new Collected("van 7"));
        decide(new Forbidden());

        List<StepLine> steps = view(id).steps();

        assertThat(steps)
                .extracting(step -> "%s %s %s %s %s"
                        .formatted(step.position(), step.name(), step.action(), step.forward(), step.backward()))
                .containsExactly(
                        "1 collect COMMAND DONE OPEN",
                        "2 clear SIGNAL REJECTED NONE",
                        "3 deliver COMMAND NONE NONE",
                        "4 tell COMMAND NONE NONE");
        assertThat(steps.get(0).participant()).isEqualTo("vans");
        assertThat(steps.get(0).attempts()).isEqualTo(1);
        assertThat(steps.get(0).allowed()).isEqualTo(2);
        assertThat(steps.get(2).allowed()).isEqualTo(2);
    }

    @Test
    void where_in_the_code_something_was_thrown_is_said_of_what_the_explanation_tells() {
        UUID id = start();
        InboundRecord error = depot.reply(depot.takeLast(), ReservedTypes.HANDLER_FAILED, Outcome.ERROR, NOTHING);
        Map<String, byte[]> headers = new HashMap<>(error.headers());
        headers.put(WireHeaders.SAGA_ERROR_FRAMES, "com.vans.Van.start:10\ncom.vans.Desk.collect".getBytes(UTF_8));
        orchestration
                .replies()
                .process(List.of(
                        new InboundRecord(error.topic(), 0, error.offset(), error.key(), error.value(), headers)));

        assertThat(view(id).steps().get(0).errorFrames())
                .containsExactly("com.vans.Van.start:10", "com.vans.Desk.collect");
        assertThat(view(id).frames()).containsExactly("com.vans.Van.start:10", "com.vans.Desk.collect");

        depot.jdbc.update("update saga_step set error = null where error is not null");
        assertThat(view(id).steps().get(0).errorFrames())
                .as("what a process of an older version left, which knows the error only")
                .isEmpty();

        depot.timePasses(Duration.ofSeconds(11));
        orchestration.timers().look();
        answer(new Collected("unknown van"));
        assertThat(view(id).steps().get(0).errorFrames()).isEmpty();
        assertThat(view(id).frames())
                .singleElement()
                .asString()
                .startsWith("io.amends.dashboard.Deliveries$DeliverySaga.collected:");
    }

    @Test
    void steps_are_shown_also_where_no_process_noted_the_definition() {
        UUID id = start();
        depot.jdbc.update("update saga_instance set saga_version = 9");

        assertThat(view(id).steps()).extracting(StepLine::name).containsExactly("collect");
    }

    @Test
    void the_timeline_is_ordered_by_the_logical_clock_and_names_the_messages() {
        UUID id = start();
        Sent collect = depot.takeLast();
        InboundRecord reply = depot.reply(collect, new Collected("van 7"));
        orchestration.replies().process(List.of(reply));
        decide(new Cleared());
        // A machine whose clock is wrong changes nothing of the order.
        depot.jdbc.update("update saga_history set at = at + interval '1 day' where event = 'Started'");

        List<TimelineEntry> timeline = view(id).timeline();

        assertThat(timeline)
                .extracting(TimelineEntry::event)
                .containsExactly("Started", "Sent", "ReplyReceived", "SignalReceived", "Sent");
        assertThat(timeline).isSortedAccordingTo(Comparator.comparing(TimelineEntry::clock));
        assertThat(timeline.get(1).messageId()).isEqualTo(collect.id());
        TimelineEntry answered = timeline.get(2);
        assertThat(answered.messageId()).isNotNull();
        assertThat(answered.detail()).isEqualTo("success collected");
        assertThat(answered.place()).isEqualTo("saga.delivery.replies-0@" + reply.offset());
        assertThat(answered.answers()).isEqualTo(collect.id());
        assertThat(answered.data()).isNull();
        depot.jdbc.update(
                "update saga_history set data = convert_to('{\"note\":\"ü\"}', 'UTF8') where event = 'Started'");
        assertThat(view(id).timeline().get(0).data()).isEqualTo("{\"note\":\"ü\"}");
    }

    @Test
    void where_a_command_was_read_is_known_from_its_reply() {
        UUID id = start();
        Sent collect = depot.takeLast();
        orchestration
                .replies()
                .process(List.of(depot.replyFrom("saga.vans.commands-2@42", collect, new Collected("van 7"))));
        decide(new Cleared());

        assertThat(view(id).timeline())
                .filteredOn(line -> line.event().equals("Sent"))
                .extracting(TimelineEntry::step, TimelineEntry::place)
                .containsExactly(tuple("collect", "saga.vans.commands-2@42"), tuple("deliver", null));
    }

    @Test
    void a_reply_that_says_nothing_or_nonsense_of_where_its_command_was_read_is_taken_as_well() {
        for (String nonsense : Arrays.asList(null, "", "<b>here</b>", "a-1@2\n", "a-1@" + "9".repeat(500))) {
            depot.clear();
            UUID id = start();
            orchestration
                    .replies()
                    .process(List.of(depot.replyFrom(nonsense, depot.takeLast(), new Collected("van 7"))));

            assertThat(view(id).timeline())
                    .extracting(TimelineEntry::event)
                    .containsExactly("Started", "Sent", "ReplyReceived");
            assertThat(view(id).timeline().get(1).place()).isNull();
        }
    }

    @Test
    void of_much_data_only_that_of_the_latest_lines_is_read() {
        UUID id = start();
        depot.jdbc.update("""
                insert into saga_history (saga_id, hlc, event, disposition, phase, data)
                select saga_id, hlc + n, 'Changed', 'ACCEPTED', 'RUNNING', convert_to(repeat('x', 100 * 1024), 'UTF8')
                  from saga_instance cross join generate_series(1, 9) n""");

        List<TimelineEntry> lines = view(id).timeline();

        assertThat(lines).hasSize(11);
        assertThat(lines).filteredOn(line -> line.data() != null).isEqualTo(lines.subList(6, 11));
        assertThat(inspection.withoutData(id).orElseThrow().timeline())
                .hasSize(11)
                .allMatch(line -> line.data() == null);
        depot.jdbc.update(
                "update saga_history set data = convert_to(repeat('x', 512 * 1024 + 1), 'UTF8') where event = 'Changed'");
        assertThat(view(id).timeline()).allMatch(line -> line.data() == null);
    }

    @Test
    void a_trace_is_named_only_if_its_id_is_one() {
        UUID id = start();
        assertThat(view(id).traceId()).isNull();
        depot.jdbc.update("update saga_instance set trace_id = '4bf92f3577b34da6a3ce929d0e0e4736'");
        assertThat(view(id).traceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");

        depot.jdbc.update("update saga_instance set trace_id = '\"><script>alert(1)</script>'");

        assertThat(view(id).traceId()).isNull();
    }

    @Test
    void messages_that_lie_somewhere_are_listed_with_their_place() {
        UUID id = start();
        Sent command = depot.takeLast();
        InboundRecord bad = depot.reply(command, "collected", Outcome.SUCCESS, new byte[] {1});
        orchestration.replies().process(List.of(bad));

        assertThat(view(id).messages()).singleElement().satisfies(message -> {
            assertThat(message.where()).isEqualTo(WaitingMessage.Place.QUARANTINED);
            assertThat(message.topic()).isEqualTo("saga.delivery.replies");
            assertThat(message.partition()).isZero();
            assertThat(message.offset()).isEqualTo(bad.offset());
            assertThat(message.type()).isEqualTo("MALFORMED_PAYLOAD");
        });
        assertThat(view(id).verdict()).isNotNull();
    }

    @Test
    void a_message_that_is_parked_says_where_it_stands_in_the_outbox() {
        UUID id = start();
        depot.jdbc.update("""
                with p as (insert into saga_parked (position, id, aggregatetype, aggregateid, type, payload, headers, bucket, xid,
                                                    created_at, reason_code, reason)
                           select position, id, aggregatetype, aggregateid, type, payload, headers, bucket, xid, created_at,
                                  'RECORD_TOO_LARGE', 'too large' from saga_outbox returning *)
                insert into saga_parked_key (aggregatetype, aggregateid, bucket, blocked_by)
                select aggregatetype, aggregateid, bucket, position from p""");
        long position = depot.jdbc.queryForObject("select position from saga_parked", Long.class);

        assertThat(view(id).messages()).singleElement().satisfies(message -> {
            assertThat(message.where()).isEqualTo(WaitingMessage.Place.PARKED);
            assertThat(message.position()).isEqualTo(position);
            assertThat(message.offset()).isNull();
        });
    }
}
