package io.amends.dashboard.bulk;

import io.amends.dashboard.audit.Operator;
import io.amends.dashboard.verbs.ConsoleVerb;
import io.amends.dashboard.verbs.VerbText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * The statements of whoever carries runs out. Each that changes something says for which epoch, and does nothing if the run
 * has another owner by now, or does not run. All times are the database's.
 */
final class BulkTable {

    private static final int MOST_RUNS = 8;

    private final JdbcOperations jdbc;
    private final Duration lease;

    BulkTable(JdbcOperations jdbc, Duration lease) {
        this.jdbc = jdbc;
        this.lease = lease;
    }

    /** A run that this process may carry out. */
    record Claim(UUID runId, String owner, long epoch) {}

    /**
     * The run as a worker needs it, whose row nobody else changes until the transaction ends.
     *
     * @param early how long it is until the next order is allowed
     */
    record Held(
            ConsoleVerb verb,
            String filter,
            Operator askedBy,
            @Nullable String approvedBy,
            String reason,
            List<Integer> ramp,
            int stage,
            int items,
            double stopRatio,
            Duration patience,
            Duration early) {}

    /** An item that is open. */
    record Open(UUID sagaId, long seenRevision) {}

    /** Takes the runs that are its own, nobody's, or whose owner gave no sign of life; longest running first. */
    List<Claim> claim(String owner) {
        return jdbc.query(
                """
                update saga_bulk_run r
                   set owner = ?, epoch = case when r.owner = ? then r.epoch else r.epoch + 1 end,
                       lease_until = clock_timestamp() + ? * interval '1 millisecond'
                 where r.run_id in (
                       select c.run_id from saga_bulk_run c
                        where c.state = 'RUNNING' and (c.owner is null or c.owner = ? or c.lease_until < clock_timestamp())
                        order by c.started_at limit ? for update skip locked)
                returning r.run_id, r.epoch""",
                (row, number) -> new Claim(
                        Objects.requireNonNull(row.getObject("run_id", UUID.class)), owner, row.getLong("epoch")),
                owner,
                owner,
                lease.toMillis(),
                owner,
                MOST_RUNS);
    }

    /** Gives all its runs up, so that others need not wait for the end of the lease. */
    void release(String owner) {
        jdbc.update("update saga_bulk_run set owner = null, lease_until = '-infinity' where owner = ?", owner);
    }

    /** Lets the database end this transaction if the process does not go on with it: nobody can take the run over before. */
    void endIfItHangs() {
        jdbc.query(
                "select set_config('idle_in_transaction_session_timeout', ?, true)",
                row -> {},
                lease.toMillis() + "ms");
    }

    /** The run, held until the transaction ends; empty if it is not this owner's any more, or does not run. */
    Optional<Held> hold(Claim claim) {
        return jdbc.query("""
                        select *, greatest(0, ceil(extract(epoch from next_at - clock_timestamp()) * 1000)) as early from saga_bulk_run
                         where run_id = ? and owner = ? and epoch = ? and state = 'RUNNING' for update""", (row, number) -> held(row), claim.runId(), claim.owner(), claim.epoch()).stream()
                .findFirst();
    }

    private static Held held(ResultSet row) throws SQLException {
        return new Held(
                VerbText.read(row.getString("verb"), row.getString("arguments")),
                row.getString("filter"),
                new Operator(row.getString("asked_by"), row.getString("asked_ip")),
                row.getString("approved_by"),
                row.getString("reason"),
                BulkRows.ramp(row),
                row.getInt("stage"),
                row.getInt("items"),
                row.getDouble("stop_ratio"),
                Duration.ofMillis(row.getLong("patience_ms")),
                Duration.ofMillis(row.getLong("early")));
    }

    /** The next open item up to that position, held until the transaction ends. */
    Optional<Open> next(UUID runId, int bound) {
        return jdbc
                .query(
                        """
                        select saga_id, seen_revision from saga_bulk_item
                         where run_id = ? and state = 'OPEN' and position <= ? order by position limit 1
                           for update skip locked""",
                        (row, number) -> new Open(
                                Objects.requireNonNull(row.getObject("saga_id", UUID.class)),
                                row.getLong("seen_revision")),
                        runId,
                        bound)
                .stream()
                .findFirst();
    }

    /** Whether nothing was noted of an item yet. */
    boolean isOpen(UUID runId, UUID sagaId) {
        return !jdbc.query(
                        "select 1 from saga_bulk_item where run_id = ? and saga_id = ? and state = 'OPEN' for update",
                        (row, number) -> 1,
                        runId,
                        sagaId)
                .isEmpty();
    }

    /** Notes what came of an item, when the next one may follow, and that this owner lives. */
    void done(Claim claim, UUID sagaId, ItemState state, @Nullable Long actionId, @Nullable String detail) {
        jdbc.update("""
                update saga_bulk_item set state = ?, action_id = ?::bigint, detail = ?, at = clock_timestamp()
                 where run_id = ? and saga_id = ? and state = 'OPEN'""", state.name(), actionId, detail, claim.runId(), sagaId);
        jdbc.update("""
                update saga_bulk_run
                   set next_at = clock_timestamp() + interval '1 second' / per_second,
                       lease_until = clock_timestamp() + ? * interval '1 millisecond'
                 where run_id = ?""", lease.toMillis(), claim.runId());
    }

    /** Takes over what was settled of items' orders, whatever their runs' state; leaves to others what they are at. */
    void settle(int most) {
        jdbc.update("""
                with known as (
                  select i.run_id, i.saga_id, o.state
                    from saga_bulk_item i join saga_console_outcome o using (action_id)
                   where i.state = 'ACCEPTED' limit ? for update of i skip locked)
                update saga_bulk_item i set state = k.state from known k
                 where i.run_id = k.run_id and i.saga_id = k.saga_id""", most);
    }

    /** How the items stand; open are only those up to that position. */
    Ramp.Counts counts(UUID runId, int bound) {
        return jdbc.query(
                        """
                        select count(*) filter (where state = 'OPEN' and position <= ?) as open,
                               count(*) filter (where state = 'ACCEPTED') as waiting,
                               count(*) filter (where state = 'PROGRESSED') as progressed,
                               count(*) filter (where state in ('FAILED_AGAIN', 'NO_EFFECT', 'REFUSED', 'THREW')) as failed
                          from saga_bulk_item where run_id = ?""",
                        (row, number) -> new Ramp.Counts(
                                row.getLong("open"),
                                row.getLong("waiting"),
                                row.getLong("progressed"),
                                row.getLong("failed")),
                        bound,
                        runId)
                .get(0);
    }

    /** The stage is over. */
    void nextStage(UUID runId) {
        jdbc.update("update saga_bulk_run set stage = stage + 1 where run_id = ?", runId);
    }

    /** The run is over, or stopped. */
    void end(UUID runId, BulkState state, @Nullable String reason) {
        jdbc.update("""
                update saga_bulk_run set state = ?, state_reason = ?, owner = null, lease_until = '-infinity',
                       ended_at = case when ? then clock_timestamp() end
                 where run_id = ?""", state.name(), reason, state == BulkState.DONE, runId);
    }
}
