package io.amends.outbox.operations;

import io.amends.outbox.HeaderCodec;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/** What an operator can see of the outbox. Changes nothing, waits for no lock. Safe for use by many threads. */
public final class OutboxInspection {

    private static final String PARKED = """
            select p.position, p.id, p.aggregatetype, p.aggregateid, p.type, coalesce(p.reason_code, '') as reason_code,
                   coalesce(p.reason, '') as reason, p.created_at, p.parked_at,
                   (select count(*) - 1
                      from (select from saga_parked f
                             where f.aggregatetype = p.aggregatetype and f.aggregateid = p.aggregateid
                             limit 10001) f) as followers,
                   octet_length(p.payload) + octet_length(p.headers) as bytes
              from saga_parked_key k
              join saga_parked p
                on p.aggregatetype = k.aggregatetype and p.aggregateid = k.aggregateid and p.position = k.blocked_by
             where %s and p.position > ?
             order by p.position
             limit ?""".formatted(ParkedFilter.SQL);

    private static final String FIGURES = """
            select (extract(epoch from clock_timestamp() - (select min(w.oldest) from saga_outbox_waiting(1) w)) * 1000)::bigint as oldest,
                   (select count(*) from saga_parked_key) as parked_keys""";

    private static final String LANES = """
            select l.lane, l.owner, l.epoch,
                   case when l.owner is not null and l.lease_until > clock_timestamp()
                        then (extract(epoch from l.lease_until - clock_timestamp()) * 1000)::bigint end as lease_left,
                   l.published_to::text as published_to, l.cut_position, w.waiting,
                   (extract(epoch from clock_timestamp() - w.oldest) * 1000)::bigint as oldest
              from saga_lane l join saga_outbox_waiting(?) w on w.lane = l.lane
             order by l.lane""";

    private static final String RELAYS = """
            select owner, since, (extract(epoch from alive_until - clock_timestamp()) * 1000)::bigint as alive_for
              from saga_relay where alive_until > clock_timestamp() order by since, owner""";

    private static final String SEGMENTS = """
            select s.*,
                   array(select coalesce('session ' || l.pid, 'prepared transaction ' || x.gid, 'a prepared transaction')
                           from pg_locks l
                           left join pg_locks i on l.pid is null and i.pid is null and i.locktype = 'transactionid'
                            and i.virtualtransaction = l.virtualtransaction
                           left join pg_prepared_xacts x on x.transaction = i.transactionid
                          where l.locktype = 'relation' and l.relation = ('saga_outbox_' || s.segment)::regclass
                            and l.database = (select oid from pg_database where datname = current_database())
                            and l.pid is distinct from pg_backend_pid()
                          group by 1 order by 1) as holders
              from saga_outbox_segments() s order by s.segment""";

    private final JdbcOperations jdbc;

    /** Of that database. */
    public OutboxInspection(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * The refused records that keys wait for, by position.
     *
     * @param after the last position of the page before, 0 for the first page
     * @param most the most to return
     */
    public List<ParkedRecord> parked(ParkedFilter filter, long after, int most) {
        List<Object> parameters = new ArrayList<>(Arrays.asList(filter.parameters()));
        parameters.add(after);
        parameters.add(most);
        return jdbc.query(
                PARKED,
                (row, number) -> new ParkedRecord(
                        row.getLong("position"),
                        Objects.requireNonNull(row.getObject("id", UUID.class)),
                        row.getString("aggregatetype"),
                        row.getString("aggregateid"),
                        row.getString("type"),
                        row.getString("reason_code"),
                        row.getString("reason"),
                        instant(row, "created_at"),
                        instant(row, "parked_at"),
                        row.getLong("followers"),
                        row.getLong("bytes")),
                parameters.toArray());
    }

    /** The two numbers to watch, by one small query. */
    public OutboxFigures figures() {
        return Objects.requireNonNull(jdbc.queryForObject(
                FIGURES,
                (row, number) -> new OutboxFigures(
                        Objects.requireNonNullElse(millis(row, "oldest"), Duration.ZERO), row.getLong("parked_keys"))));
    }

    /** The payload of a parked record, refused or waiting; empty if there is none at that position. It may be personal. */
    public Optional<byte[]> payload(long position) {
        return bytes("select payload from saga_parked where position = ?", position);
    }

    /**
     * The headers of a parked record, refused or waiting; empty if there is none at that position.
     *
     * @throws IllegalArgumentException if they are damaged, which is what such a record is refused for
     */
    public Optional<Map<String, byte[]>> headers(long position) {
        return bytes("select headers from saga_parked where position = ?", position)
                .map(HeaderCodec::decode);
    }

    private Optional<byte[]> bytes(String sql, long position) {
        return jdbc.query(sql, (row, number) -> row.getBytes(1), position).stream()
                .findFirst();
    }

    /**
     * The lanes.
     *
     * @param most up to how many waiting messages of each are counted
     */
    public List<LaneState> lanes(int most) {
        // One more than is told, so that it is known whether there is one.
        return jdbc.query(LANES, (row, number) -> lane(row, most), most + 1);
    }

    private static LaneState lane(ResultSet row, int most) throws SQLException {
        long waiting = row.getLong("waiting");
        Long cut = row.getObject("cut_position", Long.class);
        return new LaneState(
                row.getInt("lane"),
                row.getString("owner"),
                row.getLong("epoch"),
                millis(row, "lease_left"),
                row.getString("published_to"),
                cut,
                Math.min(waiting, most),
                waiting <= most && cut == null,
                millis(row, "oldest"));
    }

    /** The relays that have given a sign of life. */
    public List<RelayState> relays() {
        return jdbc.query(
                RELAYS,
                (row, number) -> new RelayState(
                        row.getString("owner"),
                        instant(row, "since"),
                        Duration.ofMillis(Math.max(0, row.getLong("alive_for")))));
    }

    /** The segments, and what stands in the way of emptying each. */
    public List<SegmentState> segments() {
        return jdbc.query(
                SEGMENTS,
                (row, number) -> SegmentState.of(
                        row.getInt("segment"),
                        row.getLong("bytes"),
                        row.getLong("estimate"),
                        row.getBoolean("is_current") || row.getBoolean("is_next"),
                        row.getBoolean("unpublished"),
                        texts(row.getArray("holders"))));
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getObject(column, OffsetDateTime.class))
                .toInstant();
    }

    private static @Nullable Duration millis(ResultSet row, String column) throws SQLException {
        Long millis = row.getObject(column, Long.class);
        return millis == null ? null : Duration.ofMillis(Math.max(0, millis));
    }
}
