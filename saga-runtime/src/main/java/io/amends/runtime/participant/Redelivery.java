package io.amends.runtime.participant;

import io.amends.outbox.HeaderCodec;
import io.amends.runtime.failure.ErrorText;
import io.amends.runtime.failure.Infrastructure;
import io.amends.runtime.isolation.LockWait;
import io.amends.runtime.isolation.WaitingCommands;
import io.amends.runtime.sql.Arguments;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.SagaMessage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The table {@code saga_inbox_redelivery}: commands whose handler threw or that wait for a semantic lock, each with the
 * time of its next attempt by the database's clock. The barrier makes any order of delivery safe, so nothing waits behind them. Safe for use by many
 * threads and processes.
 */
public final class Redelivery {

    private static final Logger log = LoggerFactory.getLogger(Redelivery.class);
    private static final int CHUNK = 50;

    private final JdbcOperations jdbc;
    private final String participant;
    private final RedeliverySettings settings;
    private final TransactionTemplate transaction;
    private final Predicate<SagaMessage> redeliver;
    private final BiConsumer<SagaMessage, Failure> giveUp;
    private final WaitingCommands waiting;
    private final AtomicBoolean woken = new AtomicBoolean();
    private volatile @Nullable ScheduledExecutorService worker;
    private boolean away;

    Redelivery(
            JdbcOperations jdbc,
            String participant,
            RedeliverySettings settings,
            TransactionTemplate transaction,
            Predicate<SagaMessage> redeliver,
            BiConsumer<SagaMessage, Failure> giveUp) {
        this.jdbc = jdbc;
        this.participant = participant;
        this.settings = settings;
        this.transaction = transaction;
        this.redeliver = redeliver;
        this.giveUp = giveUp;
        this.waiting = new WaitingCommands(jdbc);
    }

    /** What an attempt failed with, and whether another one is useless. */
    record Failure(String error, boolean permanent) {

        static Failure of(Throwable thrown) {
            return new Failure(describe(thrown), thrown instanceof HandlerException handler && handler.isPermanent());
        }
    }

    private record Row(long id, int attempts, InboundRecord record) {}

    /** Begins looking for due commands, on a thread of its own. */
    public synchronized void start() {
        if (worker == null) {
            worker = Executors.newSingleThreadScheduledExecutor(
                    task -> new Thread(task, "saga-redelivery-" + participant));
            long interval = settings.pollInterval().toMillis();
            worker.scheduleWithFixedDelay(this::pollSafely, interval, interval, TimeUnit.MILLISECONDS);
        }
    }

    /** Looks for due commands now, if it was started and is not about to look anyway. Never waits for a stop. */
    void wake() {
        ScheduledExecutorService running = worker;
        if (running == null || !woken.compareAndSet(false, true)) {
            return;
        }
        try {
            running.execute(() -> {
                woken.set(false);
                pollSafely();
            });
        } catch (RejectedExecutionException stopping) {
            // What is due lies in the table; another process finds it, or this one after its next start.
            woken.set(false);
        }
    }

    /** Ends it, waiting for the attempt that is under way. */
    public synchronized void stop(Duration limit) {
        if (worker != null) {
            worker.shutdown();
            try {
                if (!worker.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    log.warn("Participant '{}': a handler was still running after {}", participant, limit);
                    worker.shutdownNow();
                }
            } catch (InterruptedException interrupted) {
                worker.shutdownNow();
                Thread.currentThread().interrupt();
            }
            worker = null;
        }
    }

    /** Keeps a command for another attempt, or gives it up if there is to be none. */
    void schedule(SagaMessage message, Throwable thrown) {
        Failure failure = Failure.of(thrown);
        if (failure.permanent() || settings.attempts() <= 1) {
            transaction.executeWithoutResult(status -> giveUp.accept(message, failure));
            return;
        }
        String error = failure.error();
        long wait = settings.waitMillis(1, ThreadLocalRandom.current()::nextDouble);
        log.warn(
                "Participant '{}': attempt 1 of {} at step '{}' of saga {} threw; the next one in {} ms: {}",
                participant,
                settings.attempts(),
                message.step(),
                message.sagaId(),
                wait,
                error);
        // A transaction, because a pool may hand out connections that do not commit by themselves.
        transaction.executeWithoutResult(status -> insert(message, wait, error));
    }

    private void insert(SagaMessage message, long wait, String error) {
        InboundRecord record = message.record();
        jdbc.update(
                """
                insert into saga_inbox_redelivery (participant, saga_id, step, kind, topic, partition_no, offset_no,
                                                   record_key, payload, headers, attempts, next_attempt_at, error)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, clock_timestamp() + ? * interval '1 millisecond', ?)
                on conflict (participant, saga_id, step, kind) do nothing""",
                participant,
                message.sagaId(),
                message.step(),
                message.kind().wireName(),
                record.topic(),
                record.partition(),
                record.offset(),
                record.key(),
                record.value(),
                HeaderCodec.encode(record.headers()),
                wait,
                error);
    }

    /** Keeps commands until their semantic locks are free, in the running transaction; none of this is an attempt. */
    void awaitLocks(List<SagaMessage> messages, Map<Barrier.Key, LockWait> waits) {
        Arguments.Plain arguments = new Arguments.Plain()
                .value(participant)
                .array("uuid", messages, SagaMessage::sagaId)
                .array("text", messages, SagaMessage::step)
                .array("text", messages, message -> message.kind().wireName())
                .array("text", messages, message -> message.record().topic())
                .array("int4", messages, message -> message.record().partition())
                .array("int8", messages, message -> message.record().offset())
                .array("bytea", messages, message -> message.record().key())
                .array("bytea", messages, message -> message.record().value())
                .array(
                        "bytea",
                        messages,
                        message -> HeaderCodec.encode(message.record().headers()));
        jdbc.update("""
                insert into saga_inbox_redelivery (participant, saga_id, step, kind, topic, partition_no, offset_no,
                                                   record_key, payload, headers, attempts, next_attempt_at, error)
                select ?, m.*, 0, 'infinity', 'waits for a semantic lock'
                  from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::integer[], ?::bigint[],
                              ?::bytea[], ?::bytea[], ?::bytea[]) m
                on conflict (participant, saga_id, step, kind) do nothing""", arguments);
        wakeAfterCommit(waiting.add(
                participant,
                waits.entrySet().stream()
                        .map(entry -> new WaitingCommands.Waiting(
                                entry.getKey().sagaId(),
                                entry.getKey().step(),
                                entry.getKey().kind(),
                                entry.getValue()))
                        .toList()));
    }

    /** Delivers commands soon that need not wait any longer, since their compensation came; they may not be here. */
    void hasten(List<Barrier.Key> keys) {
        if (keys.isEmpty()) {
            return;
        }
        jdbc.update(
                """
                update saga_inbox_redelivery set next_attempt_at = clock_timestamp()
                 where redelivery_id in (
                   select redelivery_id from saga_inbox_redelivery
                    where participant = ?
                      and (saga_id, step, kind) in (select * from unnest(?::uuid[], ?::text[], ?::text[]))
                      for no key update skip locked)""",
                new Arguments.Plain()
                        .value(participant)
                        .array("uuid", keys, Barrier.Key::sagaId)
                        .array("text", keys, Barrier.Key::step)
                        .array("text", keys, key -> key.kind().wireName()));
    }

    private void wakeAfterCommit(int due) {
        if (due > 0) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    wake();
                }
            });
        }
    }

    private void pollSafely() {
        try {
            poll();
            if (away) {
                away = false;
                log.info("Participant '{}': redelivery resumed", participant);
            }
        } catch (RuntimeException thrown) {
            // The next poll tries again; saying so once is enough.
            if (!away) {
                away = true;
                log.warn("Participant '{}': redelivery waits for the database: {}", participant, ErrorText.of(thrown));
            }
        }
    }

    /** Delivers everything that is due now; visible for tests that do not want to wait. */
    void poll() {
        List<Long> due = jdbc.queryForList("""
                select redelivery_id from saga_inbox_redelivery
                 where participant = ? and next_attempt_at <= clock_timestamp()
                 order by next_attempt_at limit ?""", Long.class, participant, CHUNK);
        due.forEach(this::attempt);
    }

    private void attempt(long id) {
        try {
            transaction.executeWithoutResult(status -> lock(id).forEach(row -> {
                if (redeliver.test(SagaMessage.command(row.record()))) {
                    delete(id);
                }
            }));
        } catch (RuntimeException thrown) {
            // A lost race counts: who always loses would be the first again at every poll, and the rest would starve.
            Infrastructure.rethrowIfUnreachable(thrown);
            Failure failure = Failure.of(thrown);
            transaction.executeWithoutResult(status -> lock(id).forEach(row -> postpone(row, failure)));
        }
    }

    private void postpone(Row row, Failure failure) {
        String error = failure.error();
        int attempts = row.attempts() + 1;
        SagaMessage message = SagaMessage.command(row.record());
        if (failure.permanent() || attempts >= settings.attempts()) {
            giveUp.accept(message, failure);
            delete(row.id());
            return;
        }
        long wait = settings.waitMillis(attempts, ThreadLocalRandom.current()::nextDouble);
        log.warn(
                "Participant '{}': attempt {} of {} at step '{}' of saga {} threw; the next one in {} ms: {}",
                participant,
                attempts,
                settings.attempts(),
                message.step(),
                message.sagaId(),
                wait,
                error);
        jdbc.update("""
                update saga_inbox_redelivery
                   set attempts = ?, error = ?, next_attempt_at = clock_timestamp() + ? * interval '1 millisecond'
                 where redelivery_id = ?""", attempts, error, wait, row.id());
    }

    private List<Row> lock(long id) {
        return jdbc.query("""
                select redelivery_id, attempts, topic, partition_no, offset_no, record_key, payload, headers
                  from saga_inbox_redelivery where redelivery_id = ? for no key update skip locked""", (row, number) -> row(row), id);
    }

    private void delete(long id) {
        wakeAfterCommit(waiting.leave(id));
        jdbc.update("delete from saga_inbox_redelivery where redelivery_id = ?", id);
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getLong("redelivery_id"),
                row.getInt("attempts"),
                new InboundRecord(
                        row.getString("topic"),
                        row.getInt("partition_no"),
                        row.getLong("offset_no"),
                        row.getBytes("record_key"),
                        row.getBytes("payload"),
                        HeaderCodec.decode(row.getBytes("headers"))));
    }

    private static String describe(Throwable thrown) {
        Throwable told = thrown instanceof HandlerException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return ErrorText.of(told);
    }
}
