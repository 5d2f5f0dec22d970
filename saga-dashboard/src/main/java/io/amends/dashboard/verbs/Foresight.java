package io.amends.dashboard.verbs;

import io.amends.dashboard.language.Sentence;
import io.amends.runtime.SagaOperations.Result;
import io.amends.runtime.migration.Migrations;
import io.amends.runtime.store.SagaStore;
import io.amends.runtime.store.StoredSaga;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.runtime.wire.PayloadException;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Decision;
import io.amends.saga.engine.Disposition;
import io.amends.saga.engine.Moment;
import io.amends.saga.engine.SagaEffect;
import io.amends.saga.engine.SagaEngine;
import io.amends.saga.engine.SagaEvent;
import io.amends.saga.engine.SagaState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tells what orders would do, by asking the engine and carrying nothing out: no message, no local step, no hook. Limits of
 * participants are not looked at. Safe for use by many threads.
 */
public final class Foresight {

    private final SagaRegistry registry;
    private final SagaStore store;
    private final PayloadCodec codec;
    private final SuppliedResults results;
    private final EditedData edits;
    private final Migrations migrations;

    /** For those definitions and that store. */
    public Foresight(SagaRegistry registry, SagaStore store, PayloadCodec codec) {
        this(registry, store, codec, EditedData.off(registry, codec));
    }

    /** Likewise, with data that may be edited. */
    public Foresight(SagaRegistry registry, SagaStore store, PayloadCodec codec, EditedData edits) {
        this.edits = edits;
        this.registry = registry;
        this.store = store;
        this.codec = codec;
        this.results = new SuppliedResults(registry, codec);
        this.migrations = new Migrations(registry, store, codec);
    }

    /** The versions of that saga that this process has, other than that one. */
    public List<Integer> otherVersions(String saga, int version) {
        return registry.all().stream()
                .filter(definition -> definition.name().equals(saga) && definition.version() != version)
                .map(SagaDefinition::version)
                .toList();
    }

    /** What that verb would do to each of those sagas as they are now, in that order; a few statements for any number. */
    public List<Foreseen> of(Collection<UUID> sagaIds, ConsoleVerb verb) {
        Map<UUID, StoredSaga> found = store.find(sagaIds);
        Map<UUID, Migrations.Plan> plans =
                verb instanceof ConsoleVerb.Migrate to ? migrations.plan(found.values(), to.version()) : Map.of();
        List<Foreseen> all = new ArrayList<>();
        for (UUID id : sagaIds) {
            StoredSaga saga = found.get(id);
            if (saga == null) {
                all.add(new Foreseen(id, "", Result.NOT_FOUND, Refusals.notFound(id)));
            } else {
                all.add(verb instanceof ConsoleVerb.Migrate to ? moved(saga, to, plans.get(id)) : of(saga, verb));
            }
        }
        return all;
    }

    /** What approving that request would do now; likewise a few statements. */
    public Foreseen of(ApprovalRequest request) {
        UUID id = request.sagaId();
        StoredSaga saga = store.find(List.of(id)).get(id);
        if (saga == null) {
            return new Foreseen(id, "", Result.NOT_FOUND, Refusals.notFound(id));
        }
        return saga.rowVersion() == request.seenRevision()
                ? of(List.of(id), request.verb()).get(0)
                : foreseen(
                        saga,
                        Result.CHANGED_SINCE,
                        Sentence.of(
                                "The saga changed since this was asked for (revision %d then, %d now), so approving it is refused. Decline it, look at the saga, and let it be asked for again.",
                                request.seenRevision(), saga.rowVersion()));
    }

    private static Foreseen moved(StoredSaga saga, ConsoleVerb.Migrate to, Migrations.@Nullable Plan plan) {
        if (plan == null) {
            return foreseen(saga, Result.NO_HANDLER_VERSION, Refusals.noVersion(to, standing(saga)));
        }
        if (saga.phase().isTerminal() || plan.data() == null || plan.event() == null) {
            Sentence why = saga.phase().isTerminal()
                    ? Refusals.notAllowed(to, standing(saga))
                    : Sentence.verbatim(String.valueOf(plan.obstacle()));
            return foreseen(saga, Result.NOT_ALLOWED, why);
        }
        Decision decision =
                SagaEngine.decide(plan.target(), saga.state(plan.data()), plan.event(), new Moment(saga.readAt(), 0));
        return decision.disposition() == Disposition.ACCEPTED
                ? foreseen(saga, Result.DONE, Sentence.of("goes on as version %d, %s", to.version(), told(decision)))
                : foreseen(saga, Result.NOT_ALLOWED, Sentence.verbatim(String.valueOf(decision.trouble())));
    }

    private static Standing standing(StoredSaga saga) {
        return new Standing(
                saga.name(),
                saga.version(),
                saga.phase(),
                saga.rowVersion(),
                saga.clock(),
                saga.pause() != null,
                saga.cause() != null);
    }

    private Foreseen of(StoredSaga saga, ConsoleVerb verb) {
        Standing standing = standing(saga);
        Optional<SagaDefinition> definition = registry.find(saga.name(), saga.version());
        if (definition.isEmpty()) {
            return foreseen(saga, Result.NO_HANDLER_VERSION, Refusals.noVersion(verb, standing));
        }
        SagaState state;
        SagaEvent.Verb event;
        List<DataChange> changes = List.of();
        try {
            state = saga.state(codec.decode(saga.data(), definition.get().dataType()));
            SuppliedResults.Read read = verb instanceof ConsoleVerb.Skip skip
                    ? results.read(skip, standing)
                    : new SuppliedResults.Read(null, null);
            if (read.trouble() != null) {
                return foreseen(saga, Result.RESULT_NOT_TAKEN, read.trouble());
            }
            if (verb instanceof ConsoleVerb.EditAndRetry edit) {
                EditedData.Read edited = edits.read(edit, saga.name(), saga.version(), saga.data());
                if (edited.trouble() != null || edited.data() == null) {
                    return foreseen(
                            saga,
                            Result.NOT_ALLOWED,
                            edited.trouble() == null ? Refusals.noVersion(verb, standing) : edited.trouble());
                }
                event = new SagaEvent.EditAndRetry(edited.data());
                changes = edited.changes();
            } else {
                event = event(verb, read);
            }
        } catch (PayloadException unreadable) {
            return foreseen(
                    saga, Result.NOT_ALLOWED, Sentence.of("Its data can't be read here: %s", unreadable.getMessage()));
        }
        Decision decision = SagaEngine.decide(definition.get(), state, event, new Moment(saga.readAt(), 0));
        if (decision.disposition() == Disposition.ACCEPTED) {
            return new Foreseen(saga.sagaId(), saga.key(), Result.DONE, told(decision), changes);
        }
        return decision.disposition() == Disposition.RESULT_NOT_TAKEN
                ? foreseen(saga, Result.RESULT_NOT_TAKEN, Sentence.verbatim(String.valueOf(decision.trouble())))
                : foreseen(saga, Result.NOT_ALLOWED, Refusals.notAllowed(verb, standing));
    }

    private static Foreseen foreseen(StoredSaga saga, Result result, Sentence said) {
        return new Foreseen(saga.sagaId(), saga.key(), result, said);
    }

    private static SagaEvent.Verb event(ConsoleVerb verb, SuppliedResults.Read read) {
        String reason = "a dry run";
        if (verb instanceof ConsoleVerb.Skip skip) {
            return new SagaEvent.Skip(skip.step(), skip.kind(), read.result());
        }
        if (verb instanceof ConsoleVerb.ResumeFromStep from) {
            return new SagaEvent.ResumeFrom(from.step());
        }
        if (verb instanceof ConsoleVerb.Reopen) {
            return new SagaEvent.Reopen();
        }
        if (verb instanceof ConsoleVerb.Resolve resolve) {
            return new SagaEvent.ResolveByHand(resolve.as(), reason);
        }
        if (verb instanceof ConsoleVerb.Pause pause) {
            return new SagaEvent.Hold(reason, pause.until());
        }
        if (verb instanceof ConsoleVerb.ExtendDeadline extend) {
            return new SagaEvent.ExtendDeadline(extend.to());
        }
        if (verb instanceof ConsoleVerb.Compensate) {
            return new SagaEvent.TurnBack(reason);
        }
        return verb instanceof ConsoleVerb.Resume ? new SagaEvent.Resume() : new SagaEvent.RetryNow();
    }

    private static Sentence told(Decision decision) {
        List<Sentence> words = new ArrayList<>();
        for (SagaEffect effect : decision.effects()) {
            if (effect instanceof SagaEffect.SendCommand send) {
                words.add(
                        send.kind() == CommandKind.ACTION
                                ? Sentence.of("sends the action of %s to %s", send.step(), send.participant())
                                : Sentence.of("sends the compensation of %s to %s", send.step(), send.participant()));
            } else if (effect instanceof SagaEffect.RunLocalStep local) {
                words.add(
                        local.kind() == CommandKind.ACTION
                                ? Sentence.of("runs the action of %s here", local.step())
                                : Sentence.of("runs the compensation of %s here", local.step()));
            }
        }
        words.add(Sentence.of("it is %s then", decision.state().phase()));
        return Sentence.join(", ", words);
    }
}
