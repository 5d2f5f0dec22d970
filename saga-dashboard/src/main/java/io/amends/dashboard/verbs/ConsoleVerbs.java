package io.amends.dashboard.verbs;

import io.amends.dashboard.audit.ActionState;
import io.amends.dashboard.audit.AuditEntry;
import io.amends.dashboard.audit.AuditEntry.Change;
import io.amends.dashboard.audit.AuditEntry.Subject;
import io.amends.dashboard.audit.AuditEntry.Watch;
import io.amends.dashboard.audit.AuditLine;
import io.amends.dashboard.audit.AuditLog;
import io.amends.dashboard.audit.DataEdit;
import io.amends.dashboard.audit.KeyReusedException;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.verbs.Standing.UnderWay;
import io.amends.outbox.failure.ErrorText;
import io.amends.outbox.failure.Infrastructure;
import io.amends.runtime.SagaOperations;
import io.amends.runtime.SagaOperations.Order;
import io.amends.runtime.SagaOperations.Result;
import io.amends.runtime.orchestrator.JdbcSagaStore;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.saga.Reply;
import io.amends.saga.definition.SagaRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Carries out operators' orders, each in one transaction together with its line of the audit; joins the caller's
 * transaction if there is one. An order that takes over from an earlier one also settles what came of that. Goes through the same engine as every reply. Safe for use by many threads.
 */
public final class ConsoleVerbs {

    /** How long another transaction that has the saga is waited for. */
    private static final String LOCK_LIMIT = "5s";

    private final SagaOperations operations;
    private final SuppliedResults results;
    private final EditedData edits;
    private final Foresight foresight;
    private final JdbcOperations jdbc;
    private final TransactionTemplate transaction;
    private final AuditLog log;
    private final Outcomes outcomes;
    private final Set<String> fourEyes;

    /**
     * @param operations what an operator may do to an instance
     * @param registry what this process has
     * @param codec what the application's messages are read with
     * @param jdbc the orchestrator's database
     * @param transactions its transactions, the same as those of the operations
     * @param log where each order is noted
     * @param fourEyes the names of the verbs that need a second person
     */
    public ConsoleVerbs(
            SagaOperations operations,
            SagaRegistry registry,
            PayloadCodec codec,
            JdbcOperations jdbc,
            PlatformTransactionManager transactions,
            AuditLog log,
            Set<String> fourEyes) {
        this(operations, registry, codec, jdbc, transactions, log, fourEyes, EditedData.off(registry, codec));
    }

    /** Likewise, with data that may be edited. */
    public ConsoleVerbs(
            SagaOperations operations,
            SagaRegistry registry,
            PayloadCodec codec,
            JdbcOperations jdbc,
            PlatformTransactionManager transactions,
            AuditLog log,
            Set<String> fourEyes,
            EditedData edits) {
        fourEyes.stream().filter(verb -> !ConsoleVerb.NAMES.contains(verb)).forEach(verb -> {
            throw new IllegalArgumentException("'%s' can't need a second person, since there is no such verb: %s."
                    .formatted(verb, String.join(", ", ConsoleVerb.NAMES)));
        });
        this.operations = operations;
        this.results = new SuppliedResults(registry, codec);
        this.edits = edits;
        this.foresight = new Foresight(registry, new JdbcSagaStore(jdbc), codec);
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.log = log;
        this.outcomes = new Outcomes(jdbc, transactions);
        this.fourEyes = Set.copyOf(fourEyes);
    }

    /** Whether that verb needs a second person. */
    public boolean needsApproval(String verb) {
        return fourEyes.contains(verb);
    }

    /**
     * Carries out an order of one operator.
     *
     * @throws ApprovalNeededException if the verb needs a second person
     * @throws KeyReusedException if its idempotency key was used for another order
     * @throws org.springframework.dao.PessimisticLockingFailureException if another transaction has the saga for long;
     *     nothing was done, and the same order can be given again
     */
    public ActionTaken carryOut(VerbOrder order) {
        return carryOut(order, Circumstances.ALONE);
    }

    /** Likewise, under those circumstances. */
    public ActionTaken carryOut(VerbOrder order, Circumstances circumstances) {
        if (needsApproval(order.verb().name()) && circumstances.approvedBy() == null) {
            throw new ApprovalNeededException(order.verb().name());
        }
        boolean isOwnTransaction = !TransactionSynchronizationManager.isActualTransactionActive();
        try {
            return Objects.requireNonNull(transaction.execute(status -> inTransaction(order, circumstances)));
        } catch (RuntimeException thrown) {
            // Where the database is away it is not known whether the transaction was committed.
            if (isOwnTransaction && !(thrown instanceof KeyReusedException) && !Infrastructure.isAway(thrown)) {
                noteThrown(order, circumstances, thrown);
            }
            throw thrown;
        }
    }

    /**
     * Notes, in a transaction, that an order threw; what it did was undone. Under no idempotency key, so that the order can
     * be repeated. For those who carry out orders in a transaction of their own.
     */
    public AuditLine noteThrown(VerbOrder order, Circumstances circumstances, RuntimeException thrown) {
        return Objects.requireNonNull(transaction.execute(status -> log.append(new AuditEntry(
                order.operator(),
                order.verb().name(),
                VerbText.audited(order.verb(), log::mark),
                subject(order, circumstances),
                order.reason(),
                circumstances.approvedBy(),
                null,
                "THREW",
                "It threw, and nothing was changed: " + ErrorText.of(thrown),
                new Change(order.seenRevision(), null, null, null, null, null, null)))));
    }

    private ActionTaken inTransaction(VerbOrder order, Circumstances circumstances) {
        jdbc.query("select set_config('lock_timeout', ?, true)", row -> {}, LOCK_LIMIT);
        Optional<ActionTaken> earlier = earlier(order);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        Standing before = Standing.locked(jdbc, order.sagaId()).orElse(null);
        // Asked before anything changes: what this order brings about must not count for an earlier one.
        Map<Long, ActionState> earlierOrders = before != null && Outcome.takesOver(order.verb(), before.phase())
                ? outcomes.soFar(order.sagaId())
                : Map.of();
        Done done = before == null
                ? new Done(Result.NOT_FOUND, Refusals.notFound(order.sagaId()), null)
                : carryOut(order, before);
        if (done.result() == Result.DONE && !earlierOrders.isEmpty()) {
            outcomes.settle(earlierOrders.keySet(), earlierOrders);
        }
        Standing after =
                before == null ? null : Standing.locked(jdbc, order.sagaId()).orElse(null);
        AuditLine line = log.append(
                new AuditEntry(
                        order.operator(),
                        order.verb().name(),
                        VerbText.audited(order.verb(), log::mark),
                        subject(order, circumstances),
                        order.reason(),
                        circumstances.approvedBy(),
                        order.idempotencyKey(),
                        done.result().name(),
                        done.said() == null ? null : done.said().english(),
                        change(order, circumstances, done, before, after)),
                done.edit());
        return new ActionTaken(
                line.id(),
                line.state(),
                line.entry().result(),
                done.said() == null ? Sentence.NONE : done.said(),
                false);
    }

    private Optional<ActionTaken> earlier(VerbOrder order) {
        return log.earlier(
                        order.idempotencyKey(),
                        order.operator(),
                        order.verb().name(),
                        VerbText.audited(order.verb(), log::mark),
                        Subject.saga(order.sagaId()))
                .map(ConsoleVerbs::repeated);
    }

    private record Done(
            Result result,
            @Nullable Sentence said,
            @Nullable DataEdit edit) {}

    private Done carryOut(VerbOrder order, Standing before) {
        if (order.verb() instanceof ConsoleVerb.EditAndRetry edit && order.seenRevision() == before.revision()) {
            return edited(edit, order, before);
        }
        Reply given = null;
        if (order.verb() instanceof ConsoleVerb.Skip skip && order.seenRevision() == before.revision()) {
            SuppliedResults.Read read = results.read(skip, before);
            if (read.trouble() != null) {
                return new Done(Result.RESULT_NOT_TAKEN, read.trouble(), null);
            }
            given = read.result();
        }
        Result result = give(order, given);
        return new Done(result, explanation(order, before, result), null);
    }

    private Done edited(ConsoleVerb.EditAndRetry edit, VerbOrder order, Standing before) {
        byte[] stored = Objects.requireNonNull(
                jdbc.queryForObject("select data from saga_instance where saga_id = ?", byte[].class, order.sagaId()));
        EditedData.Read read = edits.read(edit, before.name(), before.version(), stored);
        if (read.trouble() != null) {
            return new Done(Result.NOT_ALLOWED, read.trouble(), null);
        }
        if (read.data() == null) {
            return new Done(Result.NO_HANDLER_VERSION, Refusals.noVersion(edit, before), null);
        }
        Result result = operations.editAndRetry(order.sagaId(), read.data(), signed(order));
        return result == Result.DONE
                ? new Done(result, changed(read), new DataEdit(read.before(), read.after()))
                : new Done(result, explanation(order, before, result), null);
    }

    private static Sentence changed(EditedData.Read read) {
        return Sentence.of(
                "Changed: %s.", read.changes().stream().map(DataChange::at).collect(Collectors.joining(", ")));
    }

    private static Order signed(VerbOrder order) {
        return new Order(order.operator().name(), order.reason(), order.seenRevision());
    }

    private Result give(VerbOrder order, @Nullable Reply given) {
        UUID id = order.sagaId();
        Order signed = signed(order);
        ConsoleVerb verb = order.verb();
        if (verb instanceof ConsoleVerb.Skip skip) {
            return operations.skip(id, skip.step(), skip.kind(), given, signed);
        }
        if (verb instanceof ConsoleVerb.ResumeFromStep from) {
            return operations.resumeFrom(id, from.step(), signed);
        }
        if (verb instanceof ConsoleVerb.Reopen) {
            return operations.reopen(id, signed);
        }
        if (verb instanceof ConsoleVerb.Resolve resolve) {
            return operations.resolve(id, resolve.as(), signed);
        }
        if (verb instanceof ConsoleVerb.Pause pause) {
            return operations.pause(id, pause.until(), signed);
        }
        if (verb instanceof ConsoleVerb.ExtendDeadline extend) {
            return operations.extendDeadline(id, extend.to(), signed);
        }
        if (verb instanceof ConsoleVerb.Migrate to) {
            return operations.migrate(id, to.version(), signed);
        }
        if (verb instanceof ConsoleVerb.Compensate) {
            return operations.compensate(id, signed);
        }
        return verb instanceof ConsoleVerb.Resume ? operations.resume(id, signed) : operations.retry(id, signed);
    }

    private @Nullable Sentence explanation(VerbOrder order, Standing before, Result result) {
        return switch (result) {
            case DONE -> null;
            // Asked in the same transaction, which has the saga's row: the answer is the one that it was refused with.
            case NOT_ALLOWED ->
                order.verb() instanceof ConsoleVerb.Migrate
                        ? foresight
                                .of(List.of(order.sagaId()), order.verb())
                                .get(0)
                                .said()
                        : Refusals.notAllowed(order.verb(), before);
            case RESULT_NOT_TAKEN ->
                Sentence.of(
                        "The saga's own code threw at that result; its history says what. Give another one, or none.");
            case CHANGED_SINCE -> Refusals.changedSince(jdbc, order.sagaId(), order.seenRevision(), before);
            case NOT_FOUND -> Refusals.notFound(order.sagaId());
            case NO_HANDLER_VERSION -> Refusals.noVersion(order.verb(), before);
        };
    }

    private Change change(
            VerbOrder order,
            Circumstances circumstances,
            Done done,
            @Nullable Standing before,
            @Nullable Standing after) {
        Watch watch = null;
        ActionState atOnce = null;
        if (before != null && after != null && done.result() == Result.DONE) {
            UnderWay underWay = Standing.underWay(jdbc, order.sagaId());
            atOnce = Outcome.atOnce(
                    order.verb(),
                    before.phase(),
                    after.phase(),
                    !underWay.steps().isEmpty());
            watch = new Watch(after.clock(), underWay.steps(), within(underWay.mayTake(), circumstances.patience()));
        }
        return new Change(
                order.seenRevision(),
                before == null ? null : before.phase().name(),
                after == null ? null : after.phase().name(),
                before == null ? null : before.revision(),
                after == null ? null : after.revision(),
                watch,
                atOnce);
    }

    private static Duration within(Duration mayTake, @Nullable Duration patience) {
        return patience != null && patience.compareTo(mayTake) < 0 ? patience : mayTake;
    }

    private static Subject subject(VerbOrder order, Circumstances circumstances) {
        return new Subject(order.sagaId(), circumstances.runId(), circumstances.requestId(), null);
    }

    /** What came of it before. */
    static ActionTaken repeated(AuditLine line) {
        return new ActionTaken(
                line.id(),
                line.state(),
                line.entry().result(),
                Sentence.recalled(line.entry().explanation()),
                true);
    }
}
