package io.amends.runtime.isolation;

import io.amends.runtime.sql.Arguments;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/** What an operator sees of the semantic locks of a database, and may do about them. Safe for use by many threads. */
public final class LockDesk {

    private static final int MOST = 1_000;

    private static final String SELECT = """
            select l.resource_type, l.resource_id, l.owner_saga, l.participant, l.step, l.acquired_at,
                   w.saga_id as waiter_saga, r.participant as waiter_participant, r.step as waiter_step,
                   w.waiting_since, w.deadline_at, w.in_order
              from (%s) l
              left join saga_semantic_lock_waiter w using (resource_type, resource_id)
              left join saga_inbox_redelivery r on r.redelivery_id = w.redelivery_id
             order by l.acquired_at nulls last, l.resource_type, l.resource_id, w.position""";

    private final JdbcOperations jdbc;
    private final LockTable table;

    LockDesk(JdbcOperations jdbc) {
        this.jdbc = jdbc;
        this.table = new LockTable(jdbc);
    }

    /**
     * Locks with their owners and waiters, those held longest first.
     *
     * @param most how many locks at most, from 1 to 1,000
     */
    public List<HeldLock> list(int most) {
        if (most < 1 || most > MOST) {
            throw new IllegalArgumentException("Ask for 1 to %d locks, not %d.".formatted(MOST, most));
        }
        return read(SELECT.formatted("select * from saga_semantic_lock order by acquired_at nulls last limit ?"), most);
    }

    /** That lock, empty if nobody has it or waits for it. */
    public Optional<HeldLock> find(LockName name) {
        return read(
                        SELECT.formatted(
                                "select * from saga_semantic_lock where resource_type = ? and resource_id = ?"),
                        name.type(),
                        name.id())
                .stream()
                .findFirst();
    }

    /**
     * Takes a lock from its saga and records it. The saga is not told: its later steps go on, and a step that must not
     * asks {@link SemanticLocks#isHeld}.
     *
     * @param owner the saga that the operator saw holding it
     * @param by who does it
     * @param why the reason
     * @return false if that saga does not hold it any longer; nothing is changed then
     * @throws IllegalArgumentException if who or why is blank
     * @throws IllegalStateException without a running transaction
     */
    public boolean release(LockName name, UUID owner, String by, String why) {
        if (by.isBlank() || why.isBlank()) {
            throw new IllegalArgumentException(
                    "Taking lock %s from its saga needs who does it, and why.".formatted(name));
        }
        SemanticLocks.requireTransaction();
        int recorded = jdbc.update("""
                with held as (
                  select resource_type, resource_id, owner_saga, acquired_at from saga_semantic_lock
                   where resource_type = ? and resource_id = ? and owner_saga = ?
                     for update)
                insert into saga_semantic_lock_release
                       (resource_type, resource_id, owner_saga, acquired_at, released_by, reason)
                select resource_type, resource_id, owner_saga, acquired_at, ?, ? from held""", name.type(), name.id(), owner, by, why);
        if (recorded == 0) {
            return false;
        }
        table.serve(table.free(owner, List.of(name)));
        return true;
    }

    private List<HeldLock> read(String sql, Object... arguments) {
        Arguments.Plain values = new Arguments.Plain();
        for (Object argument : arguments) {
            values.value(argument);
        }
        Map<LockName, HeldLock> locks = new LinkedHashMap<>();
        jdbc.query(sql, values, row -> {
            LockName name = LockTable.name(row);
            HeldLock lock = locks.getOrDefault(name, new HeldLock(name, owner(row), List.of()));
            List<HeldLock.Waiter> waiters = new ArrayList<>(lock.waiters());
            UUID waiter = row.getObject("waiter_saga", UUID.class);
            if (waiter != null) {
                waiters.add(new HeldLock.Waiter(
                        waiter,
                        row.getString("waiter_participant"),
                        row.getString("waiter_step"),
                        instant(row, "waiting_since"),
                        instant(row, "deadline_at"),
                        row.getBoolean("in_order")));
            }
            locks.put(name, new HeldLock(name, lock.owner(), waiters));
        });
        return List.copyOf(locks.values());
    }

    private static HeldLock.@Nullable Owner owner(ResultSet row) throws SQLException {
        UUID saga = row.getObject("owner_saga", UUID.class);
        return saga == null
                ? null
                : new HeldLock.Owner(
                        saga, row.getString("participant"), row.getString("step"), instant(row, "acquired_at"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
