package io.amends.runtime.participant;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.outbox.HeaderCodec;
import io.amends.runtime.Bench;
import io.amends.runtime.DeferredReplies;
import io.amends.runtime.Orders.ReserveStock;
import io.amends.runtime.Sent;
import io.amends.runtime.participant.Clerks.Approved;
import io.amends.runtime.participant.Clerks.AskApproval;
import io.amends.runtime.security.MessageProtection;
import io.amends.runtime.security.Protected;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.SagaMessage;
import io.amends.runtime.wire.SealedPayload;
import io.amends.runtime.wire.WireHeaders;
import io.amends.saga.engine.CommandKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A participant that takes signed and sealed commands only. */
class ProtectedCommandsTest extends WarehouseFixture {

    private static final String SECRET = "4111-1111-1111-1111";

    private final MessageProtection protection = Protected.both();
    private final Bench safe = new Bench(database, protection);
    private final Warehouse shelves = new Warehouse(safe.jdbc);
    private final Participant careful = safe.participant("warehouse", shelves, AT_ONCE);

    @Test
    void a_protected_command_is_handled_and_its_reply_is_protected() {
        careful.process(List.of(command(saga, "o1")));

        assertThat(movedOrders()).containsExactly("o1");
        Sent reply = safe.take().get(0);
        assertThat(reply.json()).doesNotContain("shelf");
        assertThat(reply.header(WireHeaders.SIGNATURE)).isNotEmpty();
        assertThat(opened(reply)).isEqualTo("{\"shelf\":\"shelf 1\"}");
    }

    @Test
    void a_forged_command_is_quarantined_raw_counted_not_handled_and_not_answered() {
        InboundRecord forged = reserve(saga, "forged", 1);
        careful.process(List.of(command(UUID.randomUUID(), "before"), forged, command(UUID.randomUUID(), "after")));

        assertThat(movedOrders()).containsExactly("after", "before");
        assertQuarantined(forged, "NO_SIGNATURE");
        assertThat(safe.take()).extracting(Sent::sagaId).doesNotContain(saga);
        assertThat(protection.refused("NO_SIGNATURE")).isEqualTo(1);
    }

    @Test
    void a_command_that_was_changed_on_the_way_is_quarantined_and_not_answered() {
        InboundRecord good = command(saga, "o1");
        byte[] payload = good.value().clone();
        payload[payload.length - 1] ^= 1;
        InboundRecord tampered = Protected.withPayload(good, payload);
        careful.process(List.of(tampered));

        assertQuarantined(tampered, "BAD_SIGNATURE");
        assertThat(movedOrders()).isEmpty();
        assertThat(safe.take()).isEmpty();
    }

    @Test
    void a_good_command_that_is_given_another_saga_or_step_is_quarantined() {
        InboundRecord good = command(saga, "o1");
        InboundRecord otherSaga =
                Bench.with(good, WireHeaders.CORRELATION_ID, UUID.randomUUID().toString());
        InboundRecord otherStep = Bench.again(Bench.with(good, WireHeaders.SAGA_STEP, "put-back"));
        careful.process(List.of(otherSaga, otherStep));

        assertQuarantined(otherSaga, "BAD_SIGNATURE");
        assertQuarantined(otherStep, "BAD_SIGNATURE");
        assertThat(movedOrders()).isEmpty();
    }

    @Test
    void a_command_that_is_published_again_as_it_was_is_a_repeat() {
        InboundRecord good = command(saga, "o1");
        careful.process(List.of(good));
        careful.process(List.of(Bench.again(good)));

        assertThat(shelves.calls()).containsExactly("reserve o1");
        assertThat(safe.take()).hasSize(2).extracting(this::opened).containsOnly("{\"shelf\":\"shelf 1\"}");
    }

    @Test
    void the_outbox_the_stored_reply_and_a_command_that_waits_for_another_attempt_are_sealed() {
        shelves.surprise("o2", () -> {
            throw new IllegalStateException("not yet");
        });
        InboundRecord waits = command(UUID.randomUUID(), "o2");
        careful.process(List.of(command(saga, "o1"), waits));

        assertThat(bytes("select reply from saga_inbox_command where reply is not null"))
                .hasSize(1)
                .allMatch(SealedPayload::isSealed);
        assertThat(bytes("select payload from saga_inbox_redelivery")).containsExactly(waits.value());
        assertThat(bytes("select payload from saga_outbox")).isNotEmpty().allMatch(SealedPayload::isSealed);

        shelves.noSurprise("o2");
        careful.redelivery().poll();
        assertThat(movedOrders()).containsExactly("o1", "o2");
    }

    @Test
    void a_deferred_reply_is_stored_sealed_and_answers_as_any_other() {
        Clerks clerks = new Clerks(safe.jdbc);
        Participant office = safe.participant("clerks", clerks, AT_ONCE);
        DeferredReplies replies = safe.deferredReplies(office);
        InboundRecord ask = safe.command("clerks", saga, "approve", CommandKind.ACTION, new AskApproval("o1"));
        office.process(List.of(ask));

        Map<?, DeferredReplies.Result> results = replies.completeAll(Map.of(clerks.token("o1"), new Approved(SECRET)));
        assertThat(results).containsValue(DeferredReplies.Result.DONE);
        assertThat(bytes("select reply from saga_inbox_command")).hasSize(1).allMatch(SealedPayload::isSealed);
        office.process(List.of(Bench.again(ask)));
        assertThat(safe.take()).hasSize(2).extracting(this::opened).containsOnly("{\"by\":\"" + SECRET + "\"}");
        assertThat(replies.complete(clerks.token("o1"), new Approved("twice")))
                .isEqualTo(DeferredReplies.Result.ALREADY_ANSWERED);
    }

    private InboundRecord command(UUID saga, String order) {
        return safe.command("warehouse", saga, "reserve-stock", CommandKind.ACTION, new ReserveStock(order, "book", 1));
    }

    private String opened(Sent reply) {
        InboundRecord record = reply.at(1);
        protection.verify(record);
        return new String(protection.open(SagaMessage.reply(record)).payload(), StandardCharsets.UTF_8);
    }

    private static List<byte[]> bytes(String query) {
        return database.jdbc().queryForList(query, byte[].class);
    }

    private static void assertQuarantined(InboundRecord bad, String code) {
        Map<String, Object> row = database.row("select * from saga_inbox_quarantine where offset_no = ?", bad.offset());
        assertThat(row)
                .containsEntry("record_key", bad.key())
                .containsEntry("payload", bad.value())
                .containsEntry("reason_code", code);
        assertThat(HeaderCodec.decode((byte[]) row.get("headers")))
                .usingRecursiveComparison()
                .isEqualTo(bad.headers());
    }
}
