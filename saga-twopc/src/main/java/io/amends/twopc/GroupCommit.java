package io.amends.twopc;

import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Lets what is to be written at the same moment share a statement and a wait for the disk: whoever finds nobody writing
 * writes all that waits, and nobody waits for others to come. Safe for use by many threads.
 *
 * @param <T> what is written
 */
final class GroupCommit<T> {

    private static final int MOST = 100;

    private final BiFunction<List<T>, Duration, Set<T>> writer;
    private final Queue<Entry<T>> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock pen = new ReentrantLock();

    /** @param writer writes them within that time, and returns those that were new; throws {@link DecisionLogException} */
    GroupCommit(BiFunction<List<T>, Duration, Set<T>> writer) {
        this.writer = writer;
    }

    private static final class Entry<T> {
        private final T what;
        private boolean over;
        private boolean written;
        private @Nullable DecisionLogException trouble;

        Entry(T what) {
            this.what = what;
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
            if (!calm.lock(pen, limit)) {
                boolean sent = !waiting.remove(mine);
                throw new DecisionLogException(
                        JdbcDecisionLog.WRITING,
                        sent,
                        new SQLTimeoutException("Those before it were written for longer than " + limit));
            }
            try {
                while (!mine.over) {
                    writeTogether(limit);
                }
            } finally {
                pen.unlock();
            }
        }
        if (mine.trouble != null) {
            throw mine.trouble;
        }
        return mine.written;
    }

    /** How many wait for their turn. */
    int waiting() {
        return waiting.size();
    }

    private void writeTogether(Duration limit) {
        List<Entry<T>> group = new ArrayList<>();
        for (Entry<T> next = waiting.poll(); next != null; next = group.size() < MOST ? waiting.poll() : null) {
            group.add(next);
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
        }
    }
}
