package io.amends.dashboard.bulk;

import io.amends.dashboard.audit.AuditEntry;
import io.amends.dashboard.audit.AuditEntry.Subject;
import io.amends.dashboard.audit.AuditLog;
import io.amends.dashboard.audit.KeyReusedException;
import io.amends.dashboard.audit.Operator;
import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.language.NotTakenException;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.search.SagaFilter;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.dashboard.verbs.ConsoleVerb;
import io.amends.dashboard.verbs.ConsoleVerbs;
import io.amends.dashboard.verbs.VerbText;
import io.amends.runtime.sql.Arguments;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Plans runs of one verb over many sagas, and starts, holds and ends them. What is started is carried out by a
 * {@link BulkWorker} of any process; what a run would do is told by {@link BulkForecast}. Safe for use by many threads and processes.
 */
public final class BulkRuns {

    private static final int MOST_ON_A_PAGE = 1_000;
    private static final int MOST_LISTED = 100;
    private static final Duration LATEST_START = Duration.ofDays(1);
    private static final String FREEZE_LIMIT = "60s";

    private final JdbcOperations jdbc;
    private final TransactionTemplate transaction;
    private final BoundedReads reads;
    private final Matching matching;
    private final ConsoleVerbs verbs;
    private final AuditLog log;
    private final Supplier<UUID> ids;
    private final boolean fourEyes;

    /**
     * @param jdbc the orchestrator's database
     * @param transactions its transactions
     * @param reads reads of the same database with a time limit
     * @param allowances how long what is due may be late before it counts as stuck, for filters that ask it
     * @param verbs knows which verbs need a second person
     * @param log where each change of a run is noted
     * @param ids new ids of runs
     * @param fourEyes whether every run needs a second person, whatever the verb
     */
    public BulkRuns(
            JdbcOperations jdbc,
            PlatformTransactionManager transactions,
            BoundedReads reads,
            StuckAllowances allowances,
            ConsoleVerbs verbs,
            AuditLog log,
            Supplier<UUID> ids,
            boolean fourEyes) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.reads = reads;
        this.matching = new Matching(allowances);
        this.verbs = verbs;
        this.log = log;
        this.ids = ids;
        this.fourEyes = fourEyes;
    }

    /** Plans a run; nothing is done until it is started, which is possible for a day. */
    public BulkRun plan(BulkOrder order) {
        return plan(order, null);
    }

    /**
     * Likewise; a repeat under the same idempotency key gets the run that was planned.
     *
     * @throws KeyReusedException if it was used for another order
     */
    public BulkRun plan(BulkOrder order, @Nullable String key) {
        return Objects.requireNonNull(transaction.execute(status -> {
            String arguments = planned(order);
            Optional<UUID> before = log.earlier(
                            key,
                            order.operator(),
                            "plan-run",
                            arguments,
                            new Subject(null, null, null, order.filter().text()))
                    .map(line -> line.entry().subject().runId());
            if (before.isPresent()) {
                return get(before.get());
            }
            UUID id = ids.get();
            jdbc.update(
                    """
                    insert into saga_bulk_run
                           (run_id, verb, arguments, filter, asked_by, asked_ip, reason, state, ramp, per_second,
                            stop_ratio, most, patience_ms)
                    values (?, ?, ?, ?, ?, ?, ?, 'PREVIEW', ?::int[], ?, ?, ?, ?)""",
                    new Arguments.Plain()
                            .value(id)
                            .value(order.verb().name())
                            .value(VerbText.of(order.verb()))
                            .value(order.filter().text())
                            .value(order.operator().name())
                            .value(order.operator().address())
                            .value(order.reason())
                            .array("int", order.ramp(), Function.identity())
                            .value(order.perSecond())
                            .value(order.stopRatio())
                            .value(order.most())
                            .value(order.patience().toMillis()));
            BulkRun run = get(id);
            note(order.operator(), "plan-run", arguments, run, order.reason(), key);
            return run;
        }));
    }

    private static String planned(BulkOrder order) {
        return "%s; stages %s, at most %s in a second, stops at %s"
                .formatted(arguments(order.verb(), null), order.ramp(), order.perSecond(), order.stopRatio());
    }

    private static String arguments(ConsoleVerb verb, @Nullable Double stopRatio) {
        String order = (verb.name() + " " + VerbText.of(verb)).strip();
        return stopRatio == null ? order : order + "; stops at " + stopRatio;
    }

    /** Whether somebody else than who planned it has to start it, who approves it by that. */
    public boolean needsSecondPerson(BulkRun run) {
        return fourEyes || verbs.needsApproval(run.verb().name());
    }

    /**
     * Starts a run: the sagas that match now, as they are now, become its items.
     *
     * @throws BulkRefusedException if nothing matches, if it needs another person to start it, or if it is not planned
     */
    public BulkRun start(UUID runId, Operator by) {
        return start(runId, by, null);
    }

    /**
     * Likewise; a repeat under the same idempotency key changes nothing more.
     *
     * @throws KeyReusedException if it was used for another order
     */
    public BulkRun start(UUID runId, Operator by, @Nullable String key) {
        return noted(runId, by, "start-run", null, null, key, () -> {
            BulkRun run = locked(runId, Set.of(BulkState.PREVIEW), Sentence.of("started"));
            boolean isAsker = by.is(run.askedBy());
            if (isAsker && needsSecondPerson(run)) {
                throw new BulkRefusedException(Sentence.of(
                        "%s planned this run, and it needs a second person. Let somebody else start it.",
                        run.askedBy()));
            }
            jdbc.query(
                    "select set_config('statement_timeout', ?, true), set_config('jit', 'off', true)",
                    row -> {},
                    FREEZE_LIMIT);
            int most = Objects.requireNonNull(
                    jdbc.queryForObject("select most from saga_bulk_run where run_id = ?", Integer.class, runId));
            int items = matching.freeze(jdbc, SagaFilter.parse(run.filter()), runId, most);
            if (items == 0) {
                throw new BulkRefusedException(Sentence.of(
                        "No unfinished saga matches '%s', so there is nothing to do. Look at the filter; what matched before may have gone on.",
                        run.filter()));
            }
            int changed = jdbc.update("""
                    update saga_bulk_run
                       set state = 'RUNNING', items = ?, approved_by = ?, started_at = clock_timestamp(),
                           next_at = clock_timestamp()
                     where run_id = ? and created_at > clock_timestamp() - ? * interval '1 millisecond'""", items, isAsker ? null : by.name(), runId, LATEST_START.toMillis());
            if (changed == 0) {
                throw new BulkRefusedException(
                        Sentence.of("It was planned more than a day ago. Plan it anew, and look at what it takes."));
            }
            return get(runId);
        });
    }

    /**
     * Holds a run: when this returns, nothing of it is begun any more.
     *
     * @throws BulkRefusedException if it does not run
     */
    public BulkRun pause(UUID runId, Operator by, String reason) {
        return pause(runId, by, reason, null);
    }

    /** Likewise; a repeat under the same idempotency key changes nothing more. */
    public BulkRun pause(UUID runId, Operator by, String reason, @Nullable String key) {
        return change(runId, by, "pause-run", reason, Set.of(BulkState.RUNNING), BulkState.PAUSED, null, key);
    }

    /**
     * Lets a run go on that was paused, or stopped because too much failed.
     *
     * @param stopRatio the ratio at which it stops from now on, null to leave it
     * @throws BulkRefusedException if it is neither
     */
    public BulkRun resume(UUID runId, Operator by, String reason, @Nullable Double stopRatio) {
        return resume(runId, by, reason, stopRatio, null);
    }

    /** Likewise; a repeat under the same idempotency key changes nothing more. */
    public BulkRun resume(UUID runId, Operator by, String reason, @Nullable Double stopRatio, @Nullable String key) {
        if (stopRatio != null && !(stopRatio >= 0 && stopRatio <= 1)) {
            throw new NotTakenException(Sentence.of("A run stops at a ratio from 0 to 1, not %s.", stopRatio));
        }
        Set<BulkState> from = Set.of(BulkState.PAUSED, BulkState.STOPPED);
        return change(runId, by, "resume-run", reason, from, BulkState.RUNNING, stopRatio, key);
    }

    /**
     * Ends a run: when this returns, nothing of it is begun any more. What was done stays.
     *
     * @throws BulkRefusedException if it ended
     */
    public BulkRun cancel(UUID runId, Operator by, String reason) {
        return cancel(runId, by, reason, null);
    }

    /** Likewise; a repeat under the same idempotency key changes nothing more. */
    public BulkRun cancel(UUID runId, Operator by, String reason, @Nullable String key) {
        Set<BulkState> from = Set.of(BulkState.PREVIEW, BulkState.RUNNING, BulkState.PAUSED, BulkState.STOPPED);
        return change(runId, by, "cancel-run", reason, from, BulkState.CANCELLED, null, key);
    }

    /** The run with that id. */
    public Optional<BulkRun> find(UUID runId) {
        return reads.read(from -> BulkRows.runs(from, "where r.run_id = ?", runId)).stream()
                .findFirst();
    }

    /** The runs that were planned last, the latest first; 100 at most. */
    public List<BulkRun> latest() {
        return reads.read(from -> BulkRows.runs(from, "order by r.created_at desc, r.run_id limit ?", MOST_LISTED));
    }

    /** Likewise, of those alone whose filter's text is like that; runs of long ago are not looked at, beyond 10,000 later ones. */
    public List<BulkRun> latest(Predicate<String> filter) {
        return reads.read(from -> BulkRows.latest(from, filter, MOST_LISTED));
    }

    /**
     * A page of a run's items in their order.
     *
     * @param in only those that stand there, null for all
     * @param after the position behind which the page begins, 0 for the first page
     * @param size how many at most, from 1 to 1000
     */
    public List<BulkItem> items(UUID runId, @Nullable ItemState in, int after, int size) {
        if (size < 1 || size > MOST_ON_A_PAGE) {
            throw new NotTakenException(Sentence.of("A page has 1 to %d items, not %d.", MOST_ON_A_PAGE, size));
        }
        return reads.read(from -> from.query(
                """
                select * from saga_bulk_item
                 where run_id = ? and position > ? and (?::text is null or state = ?) order by position limit ?""",
                new Arguments.Plain()
                        .value(runId)
                        .value(after)
                        .value(in == null ? null : in.name())
                        .value(in == null ? null : in.name())
                        .value(size),
                (row, number) -> BulkRows.item(row)));
    }

    private BulkRun change(
            UUID runId,
            Operator by,
            String verb,
            String reason,
            Set<BulkState> from,
            BulkState to,
            @Nullable Double stopRatio,
            @Nullable String key) {
        return noted(runId, by, verb, reason, stopRatio, key, () -> {
            BulkRun run = locked(runId, from, Sentence.of("changed to %s", to));
            jdbc.update(
                    """
                    update saga_bulk_run
                       set state = ?, state_reason = ?, stop_ratio = coalesce(?::double precision, stop_ratio),
                           ended_at = case when ? then clock_timestamp() end
                     where run_id = ?""",
                    new Arguments.Plain()
                            .value(to.name())
                            .value(reason)
                            .value(stopRatio)
                            .value(to == BulkState.CANCELLED)
                            .value(run.id()));
            return get(runId);
        });
    }

    /** In a transaction; a refusal is noted in one of its own, unless the caller has one. */
    private BulkRun noted(
            UUID runId,
            Operator by,
            String verb,
            @Nullable String reason,
            @Nullable Double stopRatio,
            @Nullable String key,
            Supplier<BulkRun> work) {
        boolean isOwnTransaction = !TransactionSynchronizationManager.isActualTransactionActive();
        try {
            return Objects.requireNonNull(transaction.execute(status -> {
                String arguments = arguments(get(runId).verb(), stopRatio);
                if (log.earlier(key, by, verb, arguments, new Subject(null, runId, null, null))
                        .isPresent()) {
                    return get(runId);
                }
                BulkRun run = work.get();
                note(by, verb, arguments, run, reason == null ? run.reason() : reason, key);
                return run;
            }));
        } catch (BulkRefusedException refused) {
            if (isOwnTransaction) {
                transaction.executeWithoutResult(status -> log.append(AuditEntry.refused(
                        by,
                        verb,
                        "",
                        new Subject(null, runId, null, null),
                        reason == null ? "to start what was planned" : reason,
                        String.valueOf(refused.getMessage()))));
            }
            throw refused;
        }
    }

    private BulkRun locked(UUID runId, Set<BulkState> from, Sentence whatFor) {
        jdbc.query("select 1 from saga_bulk_run where run_id = ? for update", row -> {}, runId);
        BulkRun run = get(runId);
        if (!from.contains(run.state())) {
            throw new BulkRefusedException(
                    Sentence.of("The run is %s and can't be %s any more.", run.state(), whatFor));
        }
        return run;
    }

    private BulkRun get(UUID runId) {
        return BulkRows.runs(jdbc, "where r.run_id = ?", runId).stream()
                .findFirst()
                .orElseThrow(() -> new BulkRefusedException(Sentence.of("There is no run %s.", runId)));
    }

    private void note(Operator by, String what, String arguments, BulkRun run, String reason, @Nullable String key) {
        log.append(AuditEntry.note(by, what, arguments, Subject.run(run.id(), run.filter()), reason)
                .under(key));
    }
}
