package io.amends.runtime.retention;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Removes sagas that ended long ago and what participants remember of commands, some rows in each short transaction. Every process
 * may do it: what another one has locked is left to that. A transaction that breaks off has removed nothing; the next round
 * finds it again. The audit stays. Safe for use by many threads, one round after the other.
 */
public final class SagaRetention {

    private static final Logger log = LoggerFactory.getLogger(SagaRetention.class);

    private final List<Kind> kinds = new ArrayList<>();
    private final Map<What, LongAdder> removed = new EnumMap<>(What.class);
    private int current = -1;

    /** What is removed. */
    public enum What {
        /** Instances, with all their rows. */
        SAGAS("sagas"),
        /** Rows of a participant's inbox and barrier. */
        COMMANDS("commands"),
        /** Notes of semantic locks that were taken from sagas. */
        LOCK_RELEASES("lock-releases");

        private final String word;

        What(String word) {
            this.word = word;
        }

        /** As meters and logs name it. */
        public String word() {
            return word;
        }
    }

    private record Kind(What what, BatchSize batch, Runnable begin, Supplier<@Nullable Long> some) {}

    /** A statement that takes longer is broken off, and the next one has fewer rows. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /**
     * In that database.
     *
     * @param orchestrator whether ended sagas are this process's to remove
     * @param participant whether what participants remember is
     */
    public SagaRetention(
            JdbcOperations jdbc,
            PlatformTransactionManager transactions,
            RetentionSettings settings,
            boolean orchestrator,
            boolean participant) {
        this(new ShortTransactions(jdbc, transactions, LIMIT), settings, orchestrator, participant);
    }

    SagaRetention(ShortTransactions brief, RetentionSettings settings, boolean orchestrator, boolean participant) {
        Duration barrier = settings.barrier();
        for (What what : What.values()) {
            removed.put(what, new LongAdder());
        }
        // Commands first: the child of another service's saga is kept as long as they are.
        if (barrier != null && participant) {
            BatchSize ofCommands = new BatchSize(settings.batch());
            CommandRemoval commands = new CommandRemoval(brief, barrier, ofCommands);
            kinds.add(new Kind(What.COMMANDS, ofCommands, commands::begin, commands::some));
            BatchSize ofReleases = new BatchSize(settings.batch());
            ReleaseRemoval releases = new ReleaseRemoval(brief, barrier, ofReleases);
            kinds.add(new Kind(What.LOCK_RELEASES, ofReleases, releases::begin, releases::some));
        }
        Duration sagas = settings.sagas();
        if (sagas != null && orchestrator) {
            BatchSize ofSagas = new BatchSize(settings.batch());
            SagaRemoval removal = new SagaRemoval(brief, sagas, barrier, ofSagas);
            kinds.add(new Kind(What.SAGAS, ofSagas, removal::begin, removal::some));
        }
    }

    /** Whether there is anything that this process may remove some day. */
    public boolean removesAnything() {
        return !kinds.isEmpty();
    }

    /**
     * Does some of a round, in one transaction. One that takes too long removes nothing and is done again with half as many
     * rows.
     *
     * @return whether the round goes on; the call after false begins the next one
     */
    public synchronized boolean removeSome() {
        if (current < 0) {
            return next();
        }
        Kind kind = kinds.get(current);
        Long some;
        try {
            some = kind.some().get();
        } catch (RuntimeException thrown) {
            if (ShortTransactions.tookTooLong(thrown) && kind.batch().shrink()) {
                log.info(
                        "To remove old {} took too long; it goes on with {} rows at once",
                        kind.what().word(),
                        kind.batch().now());
                return true;
            }
            throw thrown;
        }
        if (some == null) {
            return next();
        }
        kind.batch().wentWell();
        count(kind.what()).add(some);
        return true;
    }

    private boolean next() {
        int following = current + 1;
        if (following == kinds.size()) {
            current = -1;
            return false;
        }
        kinds.get(following).begin().run();
        current = following;
        return true;
    }

    /** Breaks the round off, after trouble: the next call begins another one. */
    public synchronized void breakOff() {
        current = -1;
    }

    /** Does a whole round; for tests and tools that do not want to wait. */
    public void removeAll() {
        boolean more;
        do {
            more = removeSome();
        } while (more);
    }

    /** How many rows this process has removed, of a saga its instance only. */
    public long removed(What what) {
        return count(what).sum();
    }

    private LongAdder count(What what) {
        return Objects.requireNonNull(removed.get(what));
    }
}
