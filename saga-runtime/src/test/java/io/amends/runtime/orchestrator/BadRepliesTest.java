package io.amends.runtime.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.runtime.Bench;
import io.amends.runtime.LogWatch;
import io.amends.runtime.Orders.StockReserved;
import io.amends.runtime.Sent;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.WireHeaders;
import io.amends.saga.engine.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadRepliesTest extends OrderFixture {

    private static final String SECRET = "4111-1111-1111-1111";

    @ParameterizedTest
    @CsvSource(
            nullValues = "absent",
            value = {
                "saga_outcome, absent",
                "saga_outcome, maybe",
                "saga_outcome, SUCCESS",
                "ce_id, absent",
                "ce_correlationid, 17",
                "ce_source, absent",
                "saga_step, Reserve Stock",
                "saga_kind, absent",
                "saga_version, one"
            })
    void a_reply_with_a_malformed_header_is_quarantined_and_the_others_move_on(String header, @Nullable String value) {
        InboundRecord bad = withHeader(bench.reply(started("bad"), new StockReserved("s")), header, value);
        deliverBesideAGoodOne(bad);
        assertQuarantined(bad, "MALFORMED_HEADERS", header);
    }

    @Test
    void a_reply_whose_type_is_not_in_the_contract_is_quarantined() {
        Sent reserve = started("bad");
        InboundRecord bad = bench.reply(reserve, "warehouse", "card-charged", Outcome.SUCCESS, new byte[0]);
        deliverBesideAGoodOne(bad);
        assertQuarantined(bad, "UNKNOWN_TYPE", "card-charged");
        assertThat(steps(reserve.sagaId())).contains("reserve-stock SENT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "null", "[]", "{\"shelf\": " + SECRET + "}"})
    void a_reply_whose_payload_is_not_its_type_is_quarantined(String payload) {
        InboundRecord bad = bench.reply(
                started("bad"),
                "warehouse",
                "stock-reserved",
                Outcome.SUCCESS,
                payload.getBytes(StandardCharsets.UTF_8));
        deliverBesideAGoodOne(bad);
        assertQuarantined(bad, "MALFORMED_PAYLOAD", "StockReserved");
    }

    @Test
    void a_tombstone_is_quarantined() {
        InboundRecord good = bench.reply(started("bad"), new StockReserved("s"));
        InboundRecord bad =
                new InboundRecord(good.topic(), good.partition(), good.offset(), good.key(), null, good.headers());
        deliverBesideAGoodOne(bad);
        assertQuarantined(bad, "MALFORMED_PAYLOAD", "0 bytes");
    }

    @Test
    void a_sender_with_bytes_that_no_text_column_takes_is_quarantined() {
        InboundRecord bad =
                withHeader(bench.reply(started("bad"), new StockReserved("s")), WireHeaders.SOURCE, "ware\0house");
        deliverBesideAGoodOne(bad);
        assertQuarantined(bad, "PROCESSING_FAILED", "");
    }

    @Test
    void nothing_is_lost_where_the_pool_does_not_commit_by_itself() {
        try (HikariDataSource pool = database.poolWithoutAutoCommit()) {
            Bench other = new Bench(database, pool);
            InboundRecord malformed =
                    withHeader(bench.reply(started("k1"), new StockReserved("s")), WireHeaders.ID, "17");
            InboundRecord unstorable =
                    withHeader(bench.reply(started("k2"), new StockReserved("s")), WireHeaders.SOURCE, "ware\0house");
            other.orchestration(orchestration.registry()).replies().process(List.of(malformed, unstorable));
        }
        assertThat(database.texts("select reason_code from saga_inbox_quarantine order by offset_no"))
                .containsExactly("MALFORMED_HEADERS", "PROCESSING_FAILED");
    }

    @Test
    void quarantine_is_logged_without_the_payload() {
        InboundRecord bad = bench.reply(
                started("bad"),
                "warehouse",
                "stock-reserved",
                Outcome.SUCCESS,
                ("{\"shelf\": " + SECRET + "}").getBytes(StandardCharsets.UTF_8));
        try (LogWatch log = LogWatch.of("io.amends")) {
            deliver(bad);
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains(bad.place())
                    .doesNotContain(SECRET);
        }
    }

    private void deliverBesideAGoodOne(InboundRecord bad) {
        Sent good = started("good");
        orchestration.replies().process(List.of(bad, bench.reply(good, new StockReserved("s"))));
        assertThat(steps(good.sagaId())).contains("charge-card SENT");
        assertThat(bench.quarantine.kept()).isEqualTo(1);
    }

    private static void assertQuarantined(InboundRecord bad, String code, String reason) {
        Map<String, Object> row = database.row("select * from saga_inbox_quarantine");
        assertThat(row)
                .containsEntry("offset_no", bad.offset())
                .containsEntry("payload", bad.value())
                .containsEntry("reason_code", code);
        assertThat((String) row.get("reason")).contains(reason).doesNotContain(SECRET);
    }

    private static InboundRecord withHeader(InboundRecord record, String header, @Nullable String value) {
        Map<String, byte[]> headers = new HashMap<>(record.headers());
        headers.remove(header);
        if (value != null) {
            headers.put(header, value.getBytes(StandardCharsets.UTF_8));
        }
        return new InboundRecord(
                record.topic(), record.partition(), record.offset(), record.key(), record.value(), headers);
    }
}
