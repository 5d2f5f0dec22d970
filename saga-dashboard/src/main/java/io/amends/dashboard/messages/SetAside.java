package io.amends.dashboard.messages;

import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.stuck.StuckReason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Lists the messages of {@code saga_inbox_quarantine}. Safe for use by many threads. */
public final class SetAside {

    private static final int MOST = 10_000;

    private static final String REASON =
            "case reason_code when 'UNKNOWN_SAGA' then 'LATE_MESSAGE' else 'QUARANTINED_MESSAGE' end";

    private static final String COUNTS = """
            select reason, count(*) as number
              from (select %s as reason from saga_inbox_quarantine limit ?) q group by reason""".formatted(REASON);

    private static final String ROWS = """
            select topic, partition_no, offset_no, %s as reason, reason_code, reason as text, quarantined_at,
                   case when k.text ~ '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then k.text::uuid end as saga_id
              from saga_inbox_quarantine cross join lateral (select encode(record_key, 'escape') as text) k
            """.formatted(REASON);

    private static final String PAGE = ROWS + """
             where ?::text is null or (topic, partition_no, offset_no) > (?::text, ?::int, ?::bigint)
             order by topic, partition_no, offset_no limit ?""";

    private static final String LATEST =
            ROWS + " order by quarantined_at desc, topic, partition_no, offset_no desc limit ?";

    private final BoundedReads reads;

    /** Of that database. */
    public SetAside(BoundedReads reads) {
        this.reads = reads;
    }

    /** How many there are for each reason; ten thousand in all are told as that many or more. */
    public Map<StuckReason, Long> counts() {
        return reads.read(jdbc -> {
            Map<StuckReason, Long> counts = new EnumMap<>(StuckReason.class);
            jdbc.query(
                    COUNTS,
                    row -> {
                        counts.put(StuckReason.valueOf(row.getString("reason")), row.getLong("number"));
                    },
                    MOST);
            return counts;
        });
    }

    /**
     * A page of them, by topic, partition and offset.
     *
     * @param after the last of the page before, null for the first page
     * @param size how many at most, at least 1
     */
    public List<SetAsideMessage> page(@Nullable SetAsideMessage after, int size) {
        String topic = after == null ? null : after.topic();
        return reads.read(jdbc -> jdbc.query(
                PAGE,
                (row, number) -> message(row),
                topic,
                topic,
                after == null ? null : after.partition(),
                after == null ? null : after.offset(),
                size));
    }

    /**
     * Those that were set aside last, the latest first.
     *
     * @param most how many at most, at least 1
     */
    public List<SetAsideMessage> latest(int most) {
        return reads.read(jdbc -> jdbc.query(LATEST, (row, number) -> message(row), most));
    }

    private static SetAsideMessage message(ResultSet row) throws SQLException {
        return new SetAsideMessage(
                row.getString("topic"),
                row.getInt("partition_no"),
                row.getLong("offset_no"),
                StuckReason.valueOf(row.getString("reason")),
                row.getString("reason_code"),
                row.getString("text"),
                Objects.requireNonNull(row.getObject("quarantined_at", OffsetDateTime.class))
                        .toInstant(),
                row.getObject("saga_id", UUID.class));
    }
}
