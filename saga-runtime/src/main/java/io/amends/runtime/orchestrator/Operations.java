package io.amends.runtime.orchestrator;

import io.amends.outbox.Outbox;
import io.amends.runtime.SagaOperations;
import io.amends.runtime.migration.Migrations;
import io.amends.runtime.store.SagaStore;
import io.amends.runtime.store.StoredSaga;
import io.amends.saga.MessageTypes;
import io.amends.saga.Reply;
import io.amends.saga.definition.SagaRegistry;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Disposition;
import io.amends.saga.engine.SagaEvent;
import io.amends.saga.engine.SagaEvent.Verb;
import io.amends.saga.engine.SagaPhase;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Operators' verbs as events of the engine, each in one transaction with its audit row. Safe for use by many threads. */
final class Operations implements SagaOperations {

    private final SagaRegistry registry;
    private final SagaStore store;
    private final Progress.Tools tools;
    private final Outbox outbox;
    private final TransactionTemplate transaction;
    private final Listeners listeners;
    private final Migrations migrations;

    Operations(
            SagaRegistry registry,
            SagaStore store,
            Progress.Tools tools,
            Outbox outbox,
            PlatformTransactionManager transactions,
            Listeners listeners) {
        this.registry = registry;
        this.store = store;
        this.tools = tools;
        this.outbox = outbox;
        this.transaction = new TransactionTemplate(transactions);
        this.listeners = listeners;
        this.migrations = new Migrations(registry, store, tools.codec());
    }

    @Override
    public Result retry(UUID sagaId, Order order) {
        return carryOut(sagaId, new SagaEvent.RetryNow(), null, order);
    }

    @Override
    public Result editAndRetry(UUID sagaId, Object data, Order order) {
        return carryOut(sagaId, new SagaEvent.EditAndRetry(data), null, order);
    }

    @Override
    public Result resumeFrom(UUID sagaId, String step, Order order) {
        return carryOut(sagaId, new SagaEvent.ResumeFrom(step), "from " + step, order);
    }

    @Override
    public Result reopen(UUID sagaId, Order order) {
        return carryOut(sagaId, new SagaEvent.Reopen(), null, order);
    }

    @Override
    public Result skip(UUID sagaId, String step, CommandKind kind, @Nullable Reply result, Order order) {
        String detail = result == null
                ? "%s of %s".formatted(kind.wireName(), step)
                : "%s of %s with %s".formatted(kind.wireName(), step, MessageTypes.nameOf(result.getClass()));
        return carryOut(sagaId, new SagaEvent.Skip(step, kind, result), detail, order);
    }

    @Override
    public Result compensate(UUID sagaId, Order order) {
        return carryOut(sagaId, new SagaEvent.TurnBack(text(order)), null, order);
    }

    @Override
    public Result resolve(UUID sagaId, SagaPhase as, Order order) {
        return carryOut(sagaId, new SagaEvent.ResolveByHand(as, text(order)), as.name(), order);
    }

    @Override
    public Result pause(UUID sagaId, @Nullable Instant until, Order order) {
        return carryOut(
                sagaId, new SagaEvent.Hold(text(order), until), until == null ? "for good" : "until " + until, order);
    }

    @Override
    public Result resume(UUID sagaId, Order order) {
        return carryOut(sagaId, new SagaEvent.Resume(), null, order);
    }

    @Override
    public Result extendDeadline(UUID sagaId, Instant to, Order order) {
        return carryOut(sagaId, new SagaEvent.ExtendDeadline(to), "to " + to, order);
    }

    private static String text(Order order) {
        return "%s: %s".formatted(order.operator(), order.reason());
    }

    @Override
    public Result migrate(UUID sagaId, int version, Order order) {
        return carryOut(sagaId, "Migrate", "to version " + version, order, saga -> {
            Migrations.Plan plan = migrations.plan(List.of(saga), version).get(sagaId);
            if (plan == null) {
                return new Attempt(Result.NO_HANDLER_VERSION, null, saga.phase());
            }
            if (plan.data() == null || plan.event() == null) {
                return new Attempt(Result.NOT_ALLOWED, plan.obstacle(), saga.phase());
            }
            Attempt attempt = attempt(saga, Progress.resume(tools, plan.target(), saga, plan.data()), plan.event());
            if (attempt.result() == Result.DONE) {
                store.moveTo(sagaId, plan.target());
            }
            return attempt;
        });
    }

    private Result carryOut(UUID sagaId, Verb verb, @Nullable String detail, Order order) {
        return carryOut(
                sagaId,
                verb.getClass().getSimpleName(),
                detail,
                order,
                saga -> registry.find(saga.name(), saga.version())
                        .map(definition -> attempt(saga, Progress.resume(tools, definition, saga), verb))
                        .orElseGet(() -> new Attempt(Result.NO_HANDLER_VERSION, null, saga.phase())));
    }

    /** What came of an order, why it was not done where there is more to say, and where the instance stands then. */
    private record Attempt(Result result, @Nullable String trouble, SagaPhase after) {}

    private Result carryOut(
            UUID sagaId, String verb, @Nullable String detail, Order order, Function<StoredSaga, Attempt> work) {
        return transaction.execute(status -> {
            // Local steps run and the audit is written before anything is appended.
            outbox.requireTransaction();
            StoredSaga saga = store.lock(List.of(sagaId)).get(sagaId);
            if (saga == null) {
                return Result.NOT_FOUND;
            }
            boolean isAsSeen = order.seenRevision() == null || order.seenRevision() == saga.rowVersion();
            Attempt attempt = isAsSeen ? work.apply(saga) : new Attempt(Result.CHANGED_SINCE, null, saga.phase());
            audit(saga, verb, detail, order, attempt);
            return attempt.result();
        });
    }

    private Attempt attempt(StoredSaga saga, Progress progress, Verb verb) {
        Progress.Applied applied = progress.applyExactly(verb);
        progress.runLocalSteps(applied.localSteps(), null);
        Batch batch = new Batch(store, outbox, tools.ends(), tools.observer());
        batch.add(saga, progress);
        listeners.tellAfterCommit(batch.store());
        return new Attempt(
                result(applied.disposition()),
                applied.trouble(),
                progress.state().phase());
    }

    private static Result result(Disposition disposition) {
        return switch (disposition) {
            case ACCEPTED -> Result.DONE;
            case RESULT_NOT_TAKEN -> Result.RESULT_NOT_TAKEN;
            default -> Result.NOT_ALLOWED;
        };
    }

    private void audit(StoredSaga saga, String verb, @Nullable String detail, Order order, Attempt attempt) {
        store.audit(new SagaStore.AuditEntry(
                saga.sagaId(),
                verb,
                order.operator(),
                order.reason(),
                attempt.trouble() == null ? detail : detail + ": " + attempt.trouble(),
                attempt.result().name(),
                saga.phase().name(),
                attempt.after().name()));
    }
}
