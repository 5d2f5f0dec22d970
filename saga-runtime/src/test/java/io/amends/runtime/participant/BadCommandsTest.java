package io.amends.runtime.participant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.outbox.HeaderCodec;
import io.amends.runtime.Bench;
import io.amends.runtime.LogWatch;
import io.amends.runtime.Sent;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.runtime.wire.WireHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadCommandsTest extends WarehouseFixture {

    private static final String SECRET = "4111-1111-1111-1111";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ce_specversion",
                "ce_id",
                "ce_source",
                "ce_type",
                "ce_correlationid",
                "saga_name",
                "saga_version",
                "saga_step",
                "saga_kind"
            })
    void a_command_without_a_header_that_it_needs_is_quarantined_and_not_answered(String header) {
        InboundRecord bad = Bench.with(reserve(saga, "o1", 1), header, null);
        deliverAmongGoodOnes(bad);

        assertQuarantined(bad, "MALFORMED_HEADERS", header);
        assertThat(bench.sent()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "ce_specversion, 0.3",
        "ce_id, 17",
        "ce_id, 1-1-1-1-1",
        "ce_type, Reserve Stock",
        "ce_type, io.Amends/../x",
        "ce_correlationid, not-a-uuid",
        "ce_sequence, -1",
        "ce_sequence, 1e3",
        "saga_name, Place_Order",
        "saga_version, 0",
        "saga_version, 2147483648",
        "saga_step, ../etc/passwd",
        "saga_kind, ACTION",
        "saga_kind, undo",
        "saga_hlc, -5",
        "saga_hlc, 9223372036854775807",
        "saga_hlc, now",
        "saga_attempt, 0",
        "saga_attempt, two"
    })
    void a_command_with_a_malformed_header_is_quarantined_and_not_answered(String header, String value) {
        InboundRecord bad = Bench.with(reserve(saga, "o1", 1), header, value);
        deliverAmongGoodOnes(bad);

        assertQuarantined(bad, "MALFORMED_HEADERS", header);
        assertThat(bench.sent()).hasSize(2);
    }

    @Test
    void headers_of_any_bytes_and_any_length_are_quarantined_as_they_are() {
        InboundRecord longId = Bench.with(reserve(saga, "o1", 1), WireHeaders.ID, "x".repeat(100_000));
        InboundRecord noText = Bench.with(reserve(saga, "o1", 1), WireHeaders.SAGA_NAME, "\0\uffff");
        InboundRecord none = new InboundRecord(longId.topic(), 0, -1, null, null, Map.of());
        deliverAmongGoodOnes(longId, noText, none);
        assertThat(quarantined()).hasSize(3);
        assertQuarantined(longId, "MALFORMED_HEADERS", WireHeaders.ID);
        assertQuarantined(noText, "MALFORMED_HEADERS", WireHeaders.SAGA_NAME);
        assertQuarantined(none, "MALFORMED_HEADERS", WireHeaders.SPEC_VERSION);
    }

    @Test
    void a_command_of_an_unknown_type_is_quarantined_and_answered_with_an_error() {
        InboundRecord bad = Bench.with(reserve(saga, "o1", 1), WireHeaders.TYPE, "reserve-unicorn");
        deliverAmongGoodOnes(bad);

        assertQuarantined(bad, "UNKNOWN_TYPE", "reserve-unicorn");
        assertAnsweredWithError(bad);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[]", "null", "{\"amount\": \"" + SECRET + "\"}", "{\"amount\": 1e99}", "\"" + SECRET})
    void a_command_whose_payload_is_not_its_type_is_quarantined_and_answered_with_an_error(String payload) {
        InboundRecord bad = withPayload(reserve(saga, "o1", 1), payload.getBytes(StandardCharsets.UTF_8));
        deliverAmongGoodOnes(bad);

        assertQuarantined(bad, "MALFORMED_PAYLOAD", "ReserveStock");
        assertAnsweredWithError(bad);
    }

    @Test
    void a_tombstone_is_quarantined_and_answered_with_an_error() {
        InboundRecord bad = withPayload(reserve(saga, "o1", 1), null);
        deliverAmongGoodOnes(bad);

        assertQuarantined(bad, "MALFORMED_PAYLOAD", "0 bytes");
        assertAnsweredWithError(bad);
    }

    @Test
    void a_payload_of_megabytes_is_quarantined_whole() {
        byte[] garbage = "[".repeat(5_000_000).getBytes(StandardCharsets.UTF_8);
        InboundRecord bad = withPayload(reserve(saga, "o1", 1), garbage);
        deliverAmongGoodOnes(bad);

        assertQuarantined(bad, "MALFORMED_PAYLOAD", "5000000 bytes");
        assertAnsweredWithError(bad);
    }

    @Test
    void a_record_that_is_delivered_again_is_quarantined_once_and_counted_each_time() {
        InboundRecord bad = Bench.with(reserve(saga, "o1", 1), WireHeaders.ID, "17");
        deliver(bad);
        deliver(bad);
        assertThat(quarantined()).hasSize(1);
        assertThat(bench.quarantine.kept()).isEqualTo(2);
    }

    @Test
    void quarantine_is_logged_with_place_and_reason_but_without_the_payload() {
        InboundRecord bad = withPayload(
                reserve(saga, "o1", 1), ("{\"amount\": \"" + SECRET + "\"}").getBytes(StandardCharsets.UTF_8));
        try (LogWatch log = LogWatch.of("io.amends")) {
            deliver(bad);
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("WARN", bad.place(), "MALFORMED_PAYLOAD")
                    .doesNotContain(SECRET);
        }
        assertThat(database.texts("select reason from saga_inbox_quarantine")).noneMatch(text -> text.contains(SECRET));
    }

    @Test
    void without_the_database_nothing_is_taken_as_quarantined() {
        bench.watch.refuse(sql -> sql.contains("saga_inbox_quarantine"));
        InboundRecord bad = Bench.with(reserve(saga, "o1", 1), WireHeaders.ID, "17");
        assertThatThrownBy(() -> deliver(bad)).isInstanceOf(RuntimeException.class);
        assertThat(bench.quarantine.kept()).isZero();
    }

    private void deliverAmongGoodOnes(InboundRecord... bad) {
        List<InboundRecord> poll = new ArrayList<>(List.of(bad));
        poll.add(0, reserve(UUID.randomUUID(), "good1", 1));
        poll.add(reserve(UUID.randomUUID(), "good2", 1));
        participant.process(poll);

        assertThat(movedOrders()).containsExactly("good1", "good2");
        assertThat(bench.quarantine.kept()).isEqualTo(bad.length);
    }

    private void assertQuarantined(InboundRecord bad, String code, String reason) {
        Map<String, Object> row = database.row("select * from saga_inbox_quarantine where offset_no = ?", bad.offset());
        assertThat(row)
                .containsEntry("topic", bad.topic())
                .containsEntry("record_key", bad.key())
                .containsEntry("payload", bad.value())
                .containsEntry("reason_code", code);
        assertThat((String) row.get("reason")).contains(reason).doesNotContain(SECRET);
        assertThat(HeaderCodec.decode((byte[]) row.get("headers")))
                .usingRecursiveComparison()
                .isEqualTo(bad.headers());
    }

    private List<String> quarantined() {
        return database.texts("select reason_code from saga_inbox_quarantine");
    }

    private void assertAnsweredWithError(InboundRecord bad) {
        List<Sent> errors = bench.sent().stream()
                .filter(sent -> sent.outcome().equals("error"))
                .toList();
        assertThat(errors).singleElement().satisfies(answer -> {
            assertThat(answer.type()).isEqualTo(ReservedTypes.COMMAND_NOT_UNDERSTOOD);
            assertThat(answer.key()).isEqualTo(saga.toString());
            assertThat(answer.header(WireHeaders.CAUSATION_ID)).isEqualTo(bad.text(WireHeaders.ID));
        });
        assertThat(bench.sent()).hasSize(3);
    }

    private static InboundRecord withPayload(InboundRecord record, byte @Nullable [] payload) {
        return new InboundRecord(
                record.topic(), record.partition(), record.offset(), record.key(), payload, record.headers());
    }
}
