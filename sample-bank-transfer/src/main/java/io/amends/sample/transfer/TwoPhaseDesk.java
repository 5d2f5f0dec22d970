package io.amends.sample.transfer;

import io.amends.sample.contract.TwoPhaseOrder;
import io.amends.sample.transfer.TwoPhaseTransfer.Status;
import io.amends.sample.web.ConflictException;
import io.amends.spring.boot.autoconfigure.StartupPhases;
import io.amends.spring.boot.autoconfigure.twopc.TwoPhaseProperties;
import io.amends.twopc.CoordinatorName;
import io.amends.twopc.RemoteWork;
import io.amends.twopc.TransactionAbortedException;
import io.amends.twopc.TransactionId;
import io.amends.twopc.TransactionInDoubtException;
import io.amends.twopc.TwoPhaseTransaction;
import io.amends.twopc.TwoPhaseTransactions;
import io.amends.twopc.TwoPhaseTransactions.Committed;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Makes transfers by two-phase commit, each once. */
@Component
class TwoPhaseDesk implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(TwoPhaseDesk.class);
    private static final int MOST_WAITING = 1000;
    private static final Duration LAST_ONES = Duration.ofSeconds(10);

    private final TwoPhaseTransactions transactions;
    private final TwoPhaseTransfers transfers;
    private final TransferWaiters waiters;
    private final JsonMapper json;
    private final TwoPhaseProperties settings;
    private final CoordinatorName name;
    private final AccountLocks locks = new AccountLocks();

    /** How many threads are at a transfer: one works, and others may be taking the same one in again. */
    private final Map<UUID, Integer> busy = new ConcurrentHashMap<>();

    private final Semaphore places;
    private final ThreadPoolExecutor workers;
    private volatile boolean started;

    TwoPhaseDesk(
            TwoPhaseTransactions transactions,
            TwoPhaseTransfers transfers,
            TransferWaiters waiters,
            JsonMapper json,
            TwoPhaseProperties settings,
            CoordinatorName name) {
        this.transactions = transactions;
        this.transfers = transfers;
        this.waiters = waiters;
        this.json = json;
        this.settings = settings;
        this.name = name;
        int threads = settings.concurrency();
        this.places = new Semaphore(threads + MOST_WAITING);
        this.workers = new ThreadPoolExecutor(
                threads,
                threads,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(threads + MOST_WAITING),
                task -> new Thread(task, "two-phase-transfer"));
        this.workers.allowCoreThreadTimeOut(true);
    }

    /**
     * Begins the transfer; the same one again changes nothing.
     *
     * @return false if too many wait already; nothing was stored
     * @throws ConflictException if there is another transfer of that id
     */
    boolean submit(Transfer transfer) {
        if (!places.tryAcquire()) {
            return false;
        }
        // Before it is stored, so that this process never takes it for one that was left.
        busy.merge(transfer.id(), 1, Integer::sum);
        boolean begun = false;
        try {
            if (transfers.insert(transfer, name)) {
                workers.execute(() -> work(transfer));
                begun = true;
            } else {
                checkSame(transfer);
            }
        } catch (RejectedExecutionException stopping) {
            log.debug("Transfer {} is left to the next start: the service stops", transfer.id(), stopping);
        } finally {
            if (!begun) {
                release(transfer.id());
            }
        }
        return true;
    }

    private void release(UUID transferId) {
        busy.computeIfPresent(transferId, (id, threads) -> threads == 1 ? null : threads - 1);
        places.release();
    }

    private void checkSame(Transfer asked) {
        transfers.find(asked.id()).map(TwoPhaseTransfer::order).ifPresent(stored -> {
            if (!stored.fromBank().equals(asked.fromBank())
                    || !stored.fromAccount().equals(asked.fromAccount())
                    || !stored.toBank().equals(asked.toBank())
                    || !stored.toAccount().equals(asked.toAccount())
                    || stored.amount().compareTo(asked.amount()) != 0) {
                throw new ConflictException("Transfer %s exists with other fields.".formatted(asked.id()));
            }
        });
    }

    /** Whether this process is at it. */
    boolean isBusyWith(UUID transferId) {
        return busy.containsKey(transferId);
    }

    private void work(Transfer transfer) {
        try {
            if (locks.tryLock(transfer, settings.workTimeout())) {
                try {
                    run(transfer);
                } finally {
                    locks.unlock(transfer);
                }
            } else {
                transfers.note(transfer.id(), null, Status.ABORTED, "other transfers used its accounts for too long");
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException trouble) {
            log.warn(
                    "What transfer {} came to could not be noted; it is asked of the log later",
                    transfer.id(),
                    trouble);
        } finally {
            release(transfer.id());
            waiters.changed(transfer.id());
        }
    }

    private void run(Transfer transfer) {
        UUID id = transfer.id();
        AtomicReference<@Nullable TransactionId> newest = new AtomicReference<>();
        Status status;
        String reason;
        try {
            Committed<Boolean> done = transactions.commit(transaction -> {
                if (!transfers.begin(id, transaction.id())) {
                    throw new TransferEndedException(id);
                }
                newest.set(transaction.id());
                ask(transaction, transfer);
                return true;
            });
            if (!done.untold().isEmpty()) {
                transfers.noteDecided(id, done.transaction(), TwoPhaseSettling.notTold(done.untold()), done.untold());
                return;
            }
            status = Status.COMMITTED;
            reason = null;
        } catch (TransactionAbortedException aborted) {
            log.debug("Transfer {} was rolled back", id, aborted);
            status = Status.ABORTED;
            reason = aborted.reason();
        } catch (TransactionInDoubtException doubt) {
            log.warn("Transfer {}: {}", id, doubt.getMessage());
            status = Status.UNKNOWN;
            reason = TwoPhaseSettling.NOT_KNOWN;
        } catch (TransferEndedException ended) {
            log.info("{}", ended.getMessage());
            return;
        }
        transfers.note(id, newest.get(), status, reason);
    }

    /** Each bank is asked once: work and prepare are one request, and both banks work at the same time. */
    private void ask(TwoPhaseTransaction transaction, Transfer transfer) {
        if (transfer.fromBank().equals(transfer.toBank())) {
            ask(transaction, transfer, transfer.fromBank(), transfer.fromAccount(), transfer.toAccount());
        } else {
            ask(transaction, transfer, transfer.fromBank(), transfer.fromAccount(), null);
            ask(transaction, transfer, transfer.toBank(), null, transfer.toAccount());
        }
    }

    private void ask(
            TwoPhaseTransaction transaction,
            Transfer transfer,
            String bank,
            @Nullable String debit,
            @Nullable String credit) {
        TwoPhaseOrder order = new TwoPhaseOrder(transfer.id(), debit, credit, transfer.amount());
        transaction.remote(bank, new RemoteWork(json.writeValueAsBytes(order), "application/json"));
    }

    /** Somebody else has settled the transfer before its work began. */
    private static final class TransferEndedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        TransferEndedException(UUID id) {
            super("Transfer %s was ended by another process before its work began".formatted(id));
        }
    }

    /** Those that are under way end; those that wait are left, and settled at the next start as rolled back. */
    @Override
    public void stop() {
        started = false;
        workers.getQueue().clear();
        workers.shutdown();
        try {
            if (!workers.awaitTermination(LAST_ONES.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("Transfers by two-phase commit still run; they are settled at the next start");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void start() {
        started = true;
    }

    @Override
    public boolean isRunning() {
        return started;
    }

    /** Stops once the last request is answered, and before the coordinator does. */
    @Override
    public int getPhase() {
        return StartupPhases.SUMMARY;
    }
}
