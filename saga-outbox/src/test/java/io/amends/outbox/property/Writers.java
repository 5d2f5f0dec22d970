package io.amends.outbox.property;

import io.amends.outbox.AppendListener;
import io.amends.outbox.JdbcOutbox;
import io.amends.outbox.OutboxLimits;
import io.amends.outbox.OutboxMessage;
import io.amends.outbox.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.TransactionStatus;

/**
 * Threads that write until they are told to end, each with its own chance. Every transaction locks the row of a key before
 * it appends a message of that key, which is all that the outbox asks for.
 */
final class Writers implements AutoCloseable {

    /** One in so many transactions has more messages for a key than a relay sends at once. */
    private static final int BURSTS = 100;

    private static final AtomicInteger GIDS = new AtomicInteger();

    private final TestDatabase database;
    private final JdbcOutbox outbox;
    private final String topic;
    private final Journal journal;
    private final Load load;
    private final List<Thread> threads = new ArrayList<>();
    private final ConcurrentLinkedQueue<Throwable> troubles = new ConcurrentLinkedQueue<>();
    private volatile boolean ending;

    Writers(TestDatabase database, String topic, Journal journal, Load load, AppendListener listener) {
        this.database = database;
        this.outbox = new JdbcOutbox(database.dataSource(), OutboxLimits.DEFAULT, listener);
        this.topic = topic;
        this.journal = journal;
        this.load = load;
    }

    /** One transaction of a thread. */
    private interface Turn {
        void run(Random random) throws SQLException, InterruptedException;
    }

    void start(long seed) {
        for (int i = 0; i < load.quick(); i++) {
            start("quick-" + i, seed + i, this::quick);
        }
        for (int i = 0; i < load.slow(); i++) {
            start("slow-" + i, seed + 100 + i, this::slow);
        }
        for (int i = 0; i < load.preparers(); i++) {
            start("preparer-" + i, seed + 200 + i, this::prepared);
        }
    }

    private void start(String name, long seed, Turn turn) {
        Random random = new Random(seed * 31 + 7);
        Thread made = new Thread(
                () -> {
                    try {
                        while (!ending) {
                            turn.run(random);
                        }
                    } catch (Throwable trouble) {
                        troubles.add(trouble);
                    }
                },
                "property-" + name);
        threads.add(made);
        made.start();
    }

    /** Tells all to end after their transaction. */
    @Override
    public void close() {
        ending = true;
    }

    /** Waits for the end of all. */
    void end() throws InterruptedException {
        close();
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(30));
            if (thread.isAlive()) {
                throw new IllegalStateException(thread.getName() + " does not end");
            }
        }
        threads.clear();
        if (!troubles.isEmpty()) {
            throw new IllegalStateException("A writer of the test has failed", troubles.peek());
        }
    }

    private void quick(Random random) throws SQLException, InterruptedException {
        if (random.nextInt(4) == 0) {
            bySql(random);
        } else {
            byOutbox(random, "outbox", 0, 0);
        }
        TimeUnit.MILLISECONDS.sleep(2 + random.nextInt(20));
    }

    private void slow(Random random) throws InterruptedException {
        if (random.nextInt(5) == 0) {
            byOutbox(random, "outbox, long lock", 0, 50 + random.nextInt(200));
        } else {
            byOutbox(random, "outbox, early xid", 20 + random.nextInt(random.nextInt(4) == 0 ? 1_500 : 200), 0);
        }
    }

    /** Through the framework, with savepoints and rollbacks. */
    private void byOutbox(Random random, String how, int waitBefore, int waitAfter) {
        List<Message> kept = new ArrayList<>();
        List<Message> undone = new ArrayList<>();
        try {
            database.transaction().executeWithoutResult(status -> {
                Connection connection = DataSourceUtils.getConnection(database.dataSource());
                try {
                    limitLocks(connection);
                    if (waitBefore > 0) {
                        Truth.execute(connection, "select pg_current_xact_id()");
                        TimeUnit.MILLISECONDS.sleep(waitBefore);
                    }
                    for (String key : keys(random)) {
                        append(connection, status, random, key, how, kept, undone);
                    }
                    if (waitAfter > 0) {
                        TimeUnit.MILLISECONDS.sleep(waitAfter);
                    }
                    if (random.nextInt(8) == 0) {
                        status.setRollbackOnly();
                        undone.addAll(kept);
                        kept.clear();
                    }
                } catch (SQLException trouble) {
                    undone.addAll(kept);
                    kept.clear();
                    if (!isLocked(trouble)) {
                        throw new IllegalStateException(trouble);
                    }
                    status.setRollbackOnly();
                } catch (InterruptedException interrupted) {
                    throw new IllegalStateException(interrupted);
                } finally {
                    DataSourceUtils.releaseConnection(connection, database.dataSource());
                }
            });
        } catch (PessimisticLockingFailureException locked) {
            undone.addAll(kept);
            kept.clear();
        }
        journal.undone(undone);
        journal.committed(kept);
    }

    private void append(
            Connection connection,
            TransactionStatus status,
            Random random,
            String key,
            String how,
            List<Message> kept,
            List<Message> undone)
            throws SQLException {
        boolean inSavepoint = random.nextInt(5) == 0;
        boolean undo = inSavepoint && random.nextInt(3) > 0;
        Object savepoint = inSavepoint ? status.createSavepoint() : null;
        List<Message> part = undo ? undone : kept;
        int count = 1 + random.nextInt(2);
        for (int i = 0; i < count; i++) {
            Message message =
                    Truth.next(connection, key, isRefused(random, key), inSavepoint ? how + " savepoint" : how);
            part.add(message);
            outbox.append(ofOutbox(message));
        }
        if (savepoint != null) {
            if (undo) {
                status.rollbackToSavepoint(savepoint);
            }
            status.releaseSavepoint(savepoint);
        }
    }

    /** Without the framework; rows are inserted at once, some in subtransactions. */
    private void bySql(Random random) throws SQLException {
        inTransaction(random, "sql", (connection, kept, undone) -> {
            if (random.nextInt(8) == 0) {
                undone.addAll(kept);
                kept.clear();
                connection.rollback();
            } else {
                connection.commit();
            }
            journal.undone(undone);
            journal.committed(kept);
        });
    }

    /** Prepared, in doubt for a while, and finished by another connection. */
    private void prepared(Random random) throws SQLException, InterruptedException {
        String gid = nextGid();
        List<Message> kept = new ArrayList<>();
        inTransaction(random, "prepared", (connection, written, undone) -> {
            journal.undone(undone);
            kept.addAll(written);
            Truth.execute(connection, "prepare transaction '" + gid + "'");
        });
        if (kept.isEmpty()) {
            return;
        }
        TimeUnit.MILLISECONDS.sleep(random.nextInt(random.nextInt(6) == 0 ? 2_000 : 200));
        finish(gid, kept, random.nextInt(4) > 0);
        TimeUnit.MILLISECONDS.sleep(random.nextInt(200));
    }

    /** A transaction that stays in doubt until {@link #finish}; its key is nobody else's. */
    String leaveInDoubt(List<Message> written) throws SQLException {
        String gid = nextGid();
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < 3; i++) {
                Message message = Truth.next(connection, "in-doubt", false, "long in doubt");
                Truth.insert(connection, topic, message);
                written.add(message);
            }
            Truth.execute(connection, "prepare transaction '" + gid + "'");
            connection.setAutoCommit(true);
        }
        return gid;
    }

    void finish(String gid, List<Message> written, boolean commit) throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(true);
            Truth.execute(connection, (commit ? "commit" : "rollback") + " prepared '" + gid + "'");
        }
        if (commit) {
            journal.committed(written);
        } else {
            journal.undone(written);
        }
    }

    private static String nextGid() {
        return "property-%d-%d".formatted(ProcessHandle.current().pid(), GIDS.incrementAndGet());
    }

    /** How a transaction ends. */
    private interface End {
        void of(Connection connection, List<Message> kept, List<Message> undone) throws SQLException;
    }

    private void inTransaction(Random random, String how, End end) throws SQLException {
        List<Message> kept = new ArrayList<>();
        List<Message> undone = new ArrayList<>();
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            try {
                limitLocks(connection);
                for (String key : keys(random)) {
                    insert(connection, random, key, how, kept, undone);
                }
            } catch (SQLException trouble) {
                connection.rollback();
                journal.undone(undone);
                journal.undone(kept);
                if (isLocked(trouble)) {
                    return;
                }
                throw trouble;
            }
            end.of(connection, kept, undone);
            connection.setAutoCommit(true);
        }
    }

    private void insert(
            Connection connection, Random random, String key, String how, List<Message> kept, List<Message> undone)
            throws SQLException {
        boolean inSavepoint = random.nextInt(3) == 0;
        boolean undo = inSavepoint && random.nextBoolean();
        if (inSavepoint) {
            Truth.execute(connection, "savepoint s");
        }
        Message message = Truth.next(connection, key, isRefused(random, key), inSavepoint ? how + " savepoint" : how);
        (undo ? undone : kept).add(message);
        if (random.nextBoolean()) {
            Truth.insert(connection, topic, message);
        } else {
            outbox.appendTo(connection, List.of(ofOutbox(message)));
        }
        if (inSavepoint) {
            Truth.execute(connection, undo ? "rollback to savepoint s" : "release savepoint s");
        }
    }

    private OutboxMessage ofOutbox(Message message) {
        return new OutboxMessage(message.id(), topic, message.key(), "noted", message.payload(), Map.of());
    }

    /** One to three keys in a fixed order, so that there is hardly a deadlock. */
    private TreeSet<String> keys(Random random) {
        TreeSet<String> keys = new TreeSet<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            keys.add("k" + random.nextInt(load.keys()));
        }
        return keys;
    }

    private boolean isRefused(Random random, String key) {
        return load.isVictim(Integer.parseInt(key.substring(1))) && random.nextInt(load.refusals()) == 0;
    }

    private static void limitLocks(Connection connection) throws SQLException {
        Truth.execute(connection, "set local lock_timeout = '300ms'");
    }

    private static boolean isLocked(SQLException trouble) {
        return "55P03".equals(trouble.getSQLState()) || "40P01".equals(trouble.getSQLState());
    }
}
