package io.amends.twopc;

import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Lets what is to be written at the same moment share a statement and a wait for the disk: whoever finds nobody writing
 * writes all that waits, and nobody waits for others to come. Who has written hands the pen to one that waits, before those
 * whose entries are written wake up: if each of them had to take the pen to see that it is written, nobody would write
 * meanwhile. Safe for use by many threads.
 *
 * @param <T> what is written
 */
final class GroupCommit<T> {

    private static final int MOST = 100;

    private final BiFunction<List<T>, Duration, Set<T>> writer;
    private final Queue<Entry<T>> waiting = new ConcurrentLinkedQueue<>();
    /** Whether somebody has the pen, or it is on its way to somebody. */
    private final AtomicBoolean taken = new AtomicBoolean();

    /** @param writer writes them within that time, and returns those that were new; throws {@link DecisionLogException} */
    GroupCommit(BiFunction<List<T>, Duration, Set<T>> writer) {
        this.writer = writer;
    }

    private enum State {
        /** In the queue. */
        WAITING,
        /** Its thread has the pen and writes it. */
        WRITER,
        /** Another thread writes it. */
        TAKEN,
        /** Its thread waits no longer. */
        GONE
    }

    private static final class Entry<T> {
        private final T what;
        private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
        /** Its thread has something to do: it is over, or it has the pen. */
        private final CountDownLatch called = new CountDownLatch(1);

        private volatile boolean over;
        private boolean written;
        private @Nullable DecisionLogException trouble;

        Entry(T what) {
            this.what = what;
        }

        boolean becomes(State next) {
            return state.compareAndSet(State.WAITING, next);
        }
    }

    /**
     * Writes it, alone or together with others.
     *
     * @return whether it was new
     * @throws DecisionLogException if it is not known to be written
     */
    boolean write(T what, Duration limit) {
        Entry<T> mine = new Entry<>(what);
        waiting.add(mine);
        // An interrupted thread gets no connection, and would fail what others have given it to write.
        try (Waiting calm = new Waiting()) {
            if (taken.compareAndSet(false, true)) {
                // Who had the pen before may have written it.
                if (mine.becomes(State.WRITER)) {
                    waiting.remove(mine);
                } else {
                    passOn();
                }
            } else if (!calm.await(mine.called, limit) && mine.becomes(State.GONE)) {
                waiting.remove(mine);
                throw late(false, limit);
            }
            if (mine.state.get() == State.WRITER) {
                writeTogether(mine, limit);
            }
        }
        if (!mine.over) {
            throw late(true, limit);
        }
        if (mine.trouble != null) {
            throw mine.trouble;
        }
        return mine.written;
    }

    private static DecisionLogException late(boolean sent, Duration limit) {
        return new DecisionLogException(
                JdbcDecisionLog.WRITING,
                sent,
                new SQLTimeoutException("Those before it were written for longer than " + limit));
    }

    /** How many wait for their turn. */
    int waiting() {
        return waiting.size();
    }

    private void writeTogether(Entry<T> mine, Duration limit) {
        List<Entry<T>> group = new ArrayList<>();
        group.add(mine);
        while (group.size() < MOST) {
            Entry<T> next = waiting.poll();
            if (next == null) {
                break;
            }
            if (next.becomes(State.TAKEN)) {
                group.add(next);
            }
        }
        try {
            Set<T> written =
                    writer.apply(group.stream().map(entry -> entry.what).toList(), limit);
            group.forEach(entry -> entry.written = written.contains(entry.what));
        } catch (DecisionLogException trouble) {
            // One for each: its thread adds to it what it meets.
            Throwable cause = Objects.requireNonNullElse(trouble.getCause(), trouble);
            group.forEach(
                    entry -> entry.trouble = new DecisionLogException(JdbcDecisionLog.WRITING, trouble.sent(), cause));
        } catch (RuntimeException | Error unexpected) {
            group.forEach(entry -> entry.trouble = new DecisionLogException(JdbcDecisionLog.WRITING, true, unexpected));
        } finally {
            group.forEach(entry -> entry.over = true);
            passOn();
            group.forEach(entry -> entry.called.countDown());
        }
    }

    /** Gives the pen to one that waits, or lays it down. Who comes then takes it, and who came in between is looked for. */
    private void passOn() {
        do {
            for (Entry<T> next = waiting.poll(); next != null; next = waiting.poll()) {
                if (next.becomes(State.WRITER)) {
                    next.called.countDown();
                    return;
                }
            }
            taken.set(false);
        } while (!waiting.isEmpty() && taken.compareAndSet(false, true));
    }
}
