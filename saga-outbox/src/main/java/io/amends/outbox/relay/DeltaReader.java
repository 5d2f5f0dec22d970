package io.amends.outbox.relay;

import io.amends.outbox.CommittedMessage;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One lane's way through the deltas. A delta that fits into a batch takes one statement; a larger one is cut off by a
 * snapshot, which is kept, and walked through by position. The cursor is written down now and then: a crash repeats what
 * was published since.
 */
final class DeltaReader implements LaneReader {

    /** After so much time or so many rows: few writes while little comes, few repeats while much does. */
    private static final Duration SAVE_EVERY = Duration.ofMillis(100);

    private static final int SAVE_ROWS = 500;

    /** So many rows may go by the shortcut until the next look, which moves the cursor. */
    private static final int SHORTCUTS = 200;

    /** While keys of the lane are parked, it is asked again only so often whether they are. */
    private static final Duration PARKED_AGAIN = Duration.ofSeconds(1);

    /** Batches of the shortcut leave the cursor where it is. */
    private static final Batch.Mark NO_MARK = new Batch.Mark() {};

    private final LaneConnection database;
    private final Lease lease;
    private final DeltaQueries queries;
    private final LongSupplier clock;
    private final Shortcut shortcut;
    private Cursor settled;
    private Cursor ahead;
    private int unsaved;
    private long savedAt;

    /** Rows that are done although an earlier one is not; they are not sent again. */
    private final Set<Long> doneAhead = new HashSet<>();

    /** Rows on their way by the shortcut. */
    private final Set<Long> byShortcut = new HashSet<>();

    /** What the last look saw. */
    private Snapshot seen;

    private long lookedAt;

    /** Rows were published by the shortcut since the last look, so that the cursor lags behind. */
    private boolean lags;

    /** Whether a key of the lane is parked, as far as is known since the last look. */
    private @Nullable Boolean parked;

    private long parkedAskedAt;

    DeltaReader(
            LaneConnection database,
            Lease lease,
            DeltaQueries queries,
            Cursor cursor,
            LongSupplier clock,
            @Nullable Shortcut shortcut) {
        this.database = database;
        this.lease = lease;
        this.queries = queries;
        this.clock = clock;
        this.settled = cursor;
        this.ahead = cursor;
        this.savedAt = clock.getAsLong();
        this.shortcut = shortcut == null ? new Shortcut(clock) : shortcut;
        if (shortcut != null) {
            shortcut.open(true);
        }
        this.seen = Snapshot.of(cursor.to());
        this.lookedAt = savedAt;
    }

    @Override
    public boolean readsAhead() {
        return true;
    }

    @Override
    public Batch read(int limit) throws SQLException {
        List<CommittedMessage> fresh = mayTakeShortcut() ? shortcut.take(seen) : List.of();
        if (!fresh.isEmpty()) {
            if (fresh.size() <= limit && !isAnyParked()) {
                return batch(fresh);
            }
            shortcut.forget();
        }
        return look(limit);
    }

    private boolean mayTakeShortcut() {
        // A look that is due may as well be while Kafka answers: what can go at once does not wait for it.
        return shortcut.isOpen() && ahead.cut() == null && (byShortcut.isEmpty() || !isLookDue());
    }

    private boolean isLookDue() {
        return clock.getAsLong() - lookedAt > SAVE_EVERY.toNanos() || doneAhead.size() + byShortcut.size() >= SHORTCUTS;
    }

    /**
     * Whoever else parks a key after this has a transaction that is not known, so that there is a look before a row goes that
     * was written later. What this lane parks itself is asked for again, since a row may have been written before.
     */
    private boolean isAnyParked() throws SQLException {
        Boolean before = parked;
        long now = clock.getAsLong();
        if (before == null || (before && now - parkedAskedAt > PARKED_AGAIN.toNanos())) {
            before = database.call(queries::isAnyParked);
            parked = before;
            parkedAskedAt = now;
        }
        return before;
    }

    private Batch batch(List<CommittedMessage> fresh) {
        List<OutboxRow> rows = new ArrayList<>(fresh.size());
        for (CommittedMessage one : fresh) {
            byShortcut.add(one.position());
            rows.add(new OutboxRow(one.position(), one.topic(), one.key(), one.payload(), one.headers()));
        }
        return new Batch(rows, List.of(), isLookDue(), NO_MARK, NO_MARK);
    }

    private Batch look(int limit) throws SQLException {
        Batch found = database.call(connection -> {
            Cursor from = ahead;
            Delta delta = from.cut() == null
                    ? queries.fresh(connection, from.to(), limit)
                    : queries.between(connection, from, limit);
            if (delta == null) {
                from = queries.cut(connection, from.to());
                delta = queries.between(connection, from, limit);
            }
            int size = delta.rows().size();
            boolean all = size == delta.found() && (from.cut() == null || size < limit);
            Cursor after = all
                    ? Cursor.at(delta.seen())
                    : new Cursor(
                            from.to(), delta.seen(), delta.rows().get(size - 1).position());
            ahead = after;
            return batch(delta, !all, from, after);
        });
        lags = false;
        lookedAt = clock.getAsLong();
        if (shortcut.isOpen() && ahead.cut() == null) {
            Snapshot now = Snapshot.of(ahead.to());
            if (parked != null && !parked && !now.equals(seen)) {
                parked = null;
            }
            seen = now;
            shortcut.looked(seen);
            if (found.isEmpty() && parkedAskedAt != 0) {
                // It is needed for the shortcut, and there is time to ask now.
                isAnyParked();
            }
        }
        return found;
    }

    private Batch batch(Delta delta, boolean more, Cursor from, Cursor after) {
        List<OutboxRow> rows = new ArrayList<>(delta.rows().size());
        List<Long> followers = new ArrayList<>();
        for (int i = 0; i < delta.rows().size(); i++) {
            OutboxRow row = delta.rows().get(i);
            if (doneAhead.contains(row.position()) || byShortcut.contains(row.position())) {
                continue;
            }
            if (delta.parked().get(i)) {
                followers.add(row.position());
            } else {
                rows.add(row);
            }
        }
        return new Batch(rows, followers, more, from, after);
    }

    @Override
    public void settle(Batch batch, Set<Long> acknowledged, Set<Long> parked) {
        if (!parked.isEmpty()) {
            this.parked = null;
        }
        if (batch.after() == NO_MARK) {
            batch.positions().forEach(byShortcut::remove);
            doneAhead.addAll(acknowledged);
            doneAhead.addAll(parked);
            // Unless a look meanwhile has seen them, whose batch is settled next.
            lags = lags || ahead.equals(settled);
            return;
        }
        long upTo = 0;
        boolean whole = true;
        for (long position : batch.positions()) {
            boolean done = acknowledged.contains(position) || parked.contains(position);
            whole = whole && done;
            if (whole) {
                upTo = position;
            } else if (done) {
                doneAhead.add(position);
            }
        }
        Cursor from = (Cursor) batch.from();
        Cursor after = (Cursor) batch.after();
        if (whole) {
            settled = after;
            // An empty batch between two deltas is not worth writing down: from the older cursor nothing is found
            // either.
            if (!batch.isEmpty() || from.cut() != null) {
                unsaved += Math.max(1, acknowledged.size());
            }
            if (after.cut() == null) {
                unsaved += doneAhead.size();
                doneAhead.clear();
            }
        } else if (upTo > 0) {
            settled = new Cursor(from.to(), end(from, after), upTo);
            unsaved += Math.max(1, acknowledged.size());
        }
    }

    /** The snapshot up to which the batch's delta goes. */
    private static String end(Cursor from, Cursor after) {
        if (from.cut() != null) {
            return from.cut();
        }
        return after.cut() != null ? after.cut() : after.to();
    }

    @Override
    public void rewind() {
        ahead = settled;
        seen = Snapshot.of(settled.to());
        lags = lags || !doneAhead.isEmpty();
        byShortcut.clear();
        shortcut.forget();
        // Also if the answer to parking one got lost.
        parked = null;
    }

    @Override
    public boolean save(boolean now) throws SQLException {
        if (now && lags) {
            catchUp();
        }
        boolean due = now || unsaved >= SAVE_ROWS || clock.getAsLong() - savedAt >= SAVE_EVERY.toNanos();
        if (unsaved == 0 || !due) {
            return unsaved == 0 && !lags;
        }
        Cursor saving = settled;
        long transaction = database.call(connection -> queries.save(connection, saving))
                .orElseThrow(() -> new FencedException(lease));
        if (ahead.cut() == null) {
            shortcut.know(transaction);
        }
        unsaved = 0;
        savedAt = clock.getAsLong();
        return !lags;
    }

    /** So that what went by the shortcut need not be repeated by a successor. */
    private void catchUp() throws SQLException {
        rewind();
        Batch since = look(SAVE_ROWS);
        if (since.isEmpty()) {
            settle(since, Set.of(), Set.of());
        } else {
            rewind();
        }
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }
}
