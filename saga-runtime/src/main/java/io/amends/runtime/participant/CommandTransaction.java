package io.amends.runtime.participant;

import io.amends.outbox.Outbox;
import io.amends.outbox.OutboxMessage;
import io.amends.runtime.isolation.CommandScope;
import io.amends.runtime.isolation.LockWait;
import io.amends.runtime.observation.LogFields;
import io.amends.runtime.observation.SagaObserver;
import io.amends.runtime.store.Barrier;
import io.amends.runtime.store.Barrier.Claim;
import io.amends.runtime.store.Barrier.Made;
import io.amends.runtime.store.Barrier.StoredReply;
import io.amends.runtime.store.OpenReplies;
import io.amends.runtime.store.OpenReplies.Open;
import io.amends.runtime.wire.MessageFactory;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.saga.Deferred;
import io.amends.saga.MessageTypes;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.ReplyToken;
import io.amends.saga.definition.Contract;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.HybridClock;
import io.amends.saga.engine.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What a participant does with a list of commands inside one transaction: barrier rows, handlers in order, stored
 * replies, outbox. The framework's own statements do not grow with the list; {@link Savepoints} come besides, if they are
 * wanted. Safe for use by many threads.
 */
final class CommandTransaction {

    /** Answers a deferred action that was compensated before its reply came. */
    private static final StoredReply CLOSED =
            new StoredReply(Outcome.REJECTION, ReservedTypes.COMPENSATED_WHILE_OPEN, new byte[0]);

    private final String participant;
    private final Barrier barrier;
    private final OpenReplies openReplies;
    private final Redelivery redelivery;
    private final Outbox outbox;
    private final MessageFactory messages;
    private final PayloadCodec codec;
    private final LongSupplier millis;
    private final TransactionTemplate nested;
    private final TransactionTemplate joined;
    private final SagaObserver observer;

    CommandTransaction(
            String participant,
            Barrier barrier,
            OpenReplies openReplies,
            Redelivery redelivery,
            Outbox outbox,
            MessageFactory messages,
            PayloadCodec codec,
            LongSupplier millis,
            PlatformTransactionManager transactions,
            SagaObserver observer) {
        this.participant = participant;
        this.barrier = barrier;
        this.openReplies = openReplies;
        this.redelivery = redelivery;
        this.outbox = outbox;
        this.messages = messages;
        this.codec = codec;
        this.millis = millis;
        this.observer = observer;
        this.nested = new TransactionTemplate(transactions);
        this.nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
        this.joined = new TransactionTemplate(transactions);
    }

    /**
     * What became of some commands.
     *
     * @param repeats how many were repeats
     * @param waiting how many were put aside until a semantic lock is free
     * @param asked how many that can be rejected were carried out
     * @param rejected how many of these were rejected
     */
    record Ran(int repeats, int waiting, int asked, int rejected) {

        /** Whether savepoints were needed. */
        boolean undid() {
            return waiting + rejected > 0;
        }
    }

    /**
     * Carries the commands out in the running transaction.
     *
     * @param savepoints which of them get one
     * @param lockTimeout how long the transaction waits for a lock at most; no limit if zero
     * @param decided what {@link RejectedInVainException} told; these handlers are not called again
     * @throws SavepointNeededException if one without a savepoint was rejected or has to wait; the transaction must be
     *     rolled back, and can be run again with more savepoints
     * @throws HandlerException if a handler threw; the transaction must be rolled back
     * @throws RejectedInVainException if one was rejected and the transaction can't commit; it must be rolled back
     */
    Ran run(
            List<ReceivedCommand> commands,
            Savepoints savepoints,
            Duration lockTimeout,
            Map<Barrier.Key, StoredReply> decided) {
        Set<Made> made = new HashSet<>(barrier.claim(CommandClaims.of(commands), lockTimeout));
        Set<Barrier.Key> renewed = renew(commands, made);
        Barrier.Loaded loaded = barrier.load(CommandClaims.keysToLoad(commands, made));
        Map<Barrier.Key, StoredReply> known = new HashMap<>(loaded.replies());
        Set<Barrier.Key> open = new HashSet<>(loaded.open());
        made.forEach(row -> open.remove(row.key()));
        Map<Barrier.Key, StoredReply> fresh = new LinkedHashMap<>();
        Map<Barrier.Key, LockWait> waiting = new LinkedHashMap<>();
        Map<Barrier.Key, Open> deferred = new LinkedHashMap<>();
        Set<Barrier.Key> closing = new HashSet<>();
        Set<Barrier.Key> sealed = new HashSet<>();
        List<Barrier.Key> overtaken = new ArrayList<>();
        Set<Barrier.Key> begun = new HashSet<>();
        List<OutboxMessage> replies = new ArrayList<>(commands.size());
        int repeats = 0;
        int asked = 0;
        int rejected = 0;
        for (ReceivedCommand command : commands) {
            Barrier.Key key = command.key();
            boolean first = made.contains(new Made(key, command.message().id())) && begun.add(key);
            if (first) {
                refuseWaitingAction(key, waiting, known, fresh);
                if (key.kind() == CommandKind.COMPENSATION
                        && made.contains(
                                new Made(key.action(), command.message().id()))) {
                    overtaken.add(key.action());
                }
                if (key.kind() == CommandKind.COMPENSATION) {
                    closeAction(key.action(), open, closing, deferred, known, fresh);
                    if (isRejectedByHandler(known.get(key.action()))) {
                        sealed.add(key.action());
                    }
                }
                boolean nothingToUndo = hasNothingToUndo(command, made, known);
                StoredReply reply = nothingToUndo
                        ? new StoredReply(Outcome.SUCCESS, ReservedTypes.NOTHING_TO_COMPENSATE, new byte[0])
                        : decided.containsKey(key)
                                ? decided.get(key)
                                : observed(command, savepoints, waiting, deferred);
                asked += !nothingToUndo && command.method().rejectable() ? 1 : 0;
                if (reply == null) {
                    continue;
                }
                rejected += reply.outcome() == Outcome.REJECTION ? 1 : 0;
                known.put(key, reply);
                fresh.put(key, reply);
            } else {
                repeats++;
                boolean isAnswered = known.containsKey(key);
                boolean isOpen = waiting.containsKey(key) || deferred.containsKey(key) || open.contains(key);
                // One of an earlier round, before the one that asks anew: that one's answer is what is waited for.
                if (!isAnswered && (isOpen || renewed.contains(key))) {
                    continue;
                }
            }
            replies.add(answer(command, known));
        }
        if (rejected > 0
                && decided.isEmpty()
                && Boolean.TRUE.equals(joined.execute(TransactionStatus::isRollbackOnly))) {
            throw new RejectedInVainException(fresh);
        }
        barrier.storeReplies(fresh);
        barrier.close(closing, CLOSED);
        barrier.seal(sealed);
        openReplies.keep(List.copyOf(deferred.values()));
        if (!waiting.isEmpty()) {
            barrier.withdraw(List.copyOf(waiting.keySet()));
            redelivery.awaitLocks(
                    commands.stream()
                            .filter(command -> waiting.containsKey(command.key()))
                            .map(ReceivedCommand::message)
                            .toList(),
                    waiting);
        }
        redelivery.hasten(overtaken);
        if (!replies.isEmpty()) {
            outbox.appendAll(replies);
        }
        return new Ran(repeats, waiting.size(), asked, rejected);
    }

    /** An action that is to wait, and whose compensation is in the same poll, must not take effect later. */
    private static void refuseWaitingAction(
            Barrier.Key key,
            Map<Barrier.Key, LockWait> waiting,
            Map<Barrier.Key, StoredReply> known,
            Map<Barrier.Key, StoredReply> fresh) {
        if (key.kind() == CommandKind.COMPENSATION && waiting.remove(key.action()) != null) {
            StoredReply refused =
                    new StoredReply(Outcome.REJECTION, ReservedTypes.ACTION_AFTER_COMPENSATION, new byte[0]);
            known.put(key.action(), refused);
            fresh.put(key.action(), refused);
        }
    }

    /** A deferred action may have had effects, which are undone now; its reply would come too late. */
    private static void closeAction(
            Barrier.Key action,
            Set<Barrier.Key> open,
            Set<Barrier.Key> closing,
            Map<Barrier.Key, Open> deferred,
            Map<Barrier.Key, StoredReply> known,
            Map<Barrier.Key, StoredReply> fresh) {
        if (open.remove(action)) {
            closing.add(action);
            known.put(action, CLOSED);
        } else if (deferred.containsKey(action) && !known.containsKey(action)) {
            known.put(action, CLOSED);
            fresh.put(action, CLOSED);
        }
    }

    /** Opens the rows of what was rejected and is asked anew; these count as made. Costs nothing where there is no such. */
    private Set<Barrier.Key> renew(List<ReceivedCommand> commands, Set<Made> made) {
        List<Claim> anew = CommandClaims.anew(commands);
        if (anew.isEmpty()) {
            return Set.of();
        }
        Set<Made> opened = barrier.renew(anew);
        made.addAll(opened);
        Set<Barrier.Key> keys = new HashSet<>();
        opened.forEach(row -> keys.add(row.key()));
        return keys;
    }

    private static boolean isRejectedByHandler(@Nullable StoredReply reply) {
        return reply != null && reply.outcome() == Outcome.REJECTION && !ReservedTypes.isReserved(reply.type());
    }

    private static boolean hasNothingToUndo(
            ReceivedCommand command, Set<Made> made, Map<Barrier.Key, StoredReply> known) {
        if (command.key().kind() == CommandKind.ACTION) {
            return false;
        }
        if (made.contains(new Made(command.key().action(), command.message().id()))) {
            return true;
        }
        StoredReply action = known.get(command.key().action());
        return action == null
                || (action.outcome() != Outcome.SUCCESS && !action.type().equals(CLOSED.type()));
    }

    private OutboxMessage answer(ReceivedCommand command, Map<Barrier.Key, StoredReply> known) {
        StoredReply reply = known.get(command.key());
        if (reply == null) {
            throw new IllegalStateException(
                    "The barrier row of step '%s' (%s) of saga %s has no reply. It was written by something else than this framework."
                            .formatted(
                                    command.key().step(),
                                    command.key().kind().wireName(),
                                    command.key().sagaId()));
        }
        return reply(command, reply);
    }

    private OutboxMessage reply(ReceivedCommand command, StoredReply reply) {
        long clock = HybridClock.next(0, command.message().clock(), millis.getAsLong());
        return messages.reply(command.message(), participant, reply.type(), reply.outcome(), reply.payload(), clock);
    }

    /** Carries it out while whoever watches sees it, and log lines say what they belong to. */
    private @Nullable StoredReply observed(
            ReceivedCommand command,
            Savepoints savepoints,
            Map<Barrier.Key, LockWait> waiting,
            Map<Barrier.Key, Open> deferred) {
        LogFields fields = LogFields.of(command.message(), participant);
        SagaObserver.Work work = observer.handles(participant, command.message());
        try {
            StoredReply reply = carryOut(command, savepoints, waiting, deferred);
            work.came(reply == null ? "later" : reply.outcome().wireName());
            return reply;
        } catch (SavepointNeededException needed) {
            work.came("again");
            throw needed;
        } catch (RuntimeException thrown) {
            work.threw(thrown instanceof HandlerException && thrown.getCause() != null ? thrown.getCause() : thrown);
            throw thrown;
        } finally {
            work.end();
            fields.clear();
        }
    }

    /** The reply, or null if the command was noted as waiting or deferred. */
    private @Nullable StoredReply carryOut(
            ReceivedCommand command,
            Savepoints savepoints,
            Map<Barrier.Key, LockWait> waiting,
            Map<Barrier.Key, Open> deferred) {
        Barrier.Key key = command.key();
        NewToken token = new NewToken();
        boolean savepoint = savepoints == Savepoints.EVERYWHERE
                || (savepoints == Savepoints.WHERE_REJECTABLE
                        && command.method().rejectable());
        try (CommandScope scope =
                CommandScope.open(participant, key.sagaId(), key.step(), key.kind(), redelivery::wake)) {
            Deferred<?> answer;
            try {
                answer = savepoint
                        ? nested.execute(status -> {
                            Deferred<?> given = command.method().handler().handle(command.body(), token);
                            if (given.reply().orElse(null) instanceof Rejection || scope.awaited() != null) {
                                status.setRollbackOnly();
                            }
                            return given;
                        })
                        : command.method().handler().handle(command.body(), token);
            } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError thrown) {
                // Such an error is the handler's, not the machine's; passed on, it would end the consumer.
                if (scope.awaited() == null) {
                    throw new HandlerException(command, thrown);
                }
                return putAside(key, scope.awaited(), savepoint, waiting);
            }
            LockWait awaited = scope.awaited();
            if (awaited != null) {
                return putAside(key, awaited, savepoint, waiting);
            }
            Optional<? extends Reply> reply = answer.reply();
            if (reply.isEmpty()) {
                deferred.put(key, new Open(token.get(), participant, command.message()));
                return null;
            }
            return stored(command, reply.get(), savepoint);
        }
    }

    private static @Nullable StoredReply putAside(
            Barrier.Key key, LockWait awaited, boolean savepoint, Map<Barrier.Key, LockWait> waiting) {
        if (!savepoint) {
            throw new SavepointNeededException();
        }
        waiting.put(key, awaited);
        return null;
    }

    /** Drawn when it is asked for: few handlers defer, and good chance is not cheap. */
    private static final class NewToken implements Supplier<ReplyToken> {

        private @Nullable ReplyToken drawn;

        @Override
        public ReplyToken get() {
            if (drawn == null) {
                drawn = ReplyToken.of(UUID.randomUUID().toString());
            }
            return drawn;
        }
    }

    private StoredReply stored(ReceivedCommand command, Reply reply, boolean savepoint) {
        if (!Contract.isDecided(reply.getClass())) {
            // The start can't know all replies of a contract that is not sealed.
            throw new HandlerException(
                    command,
                    new HandlerAnswerException("%s was answered with %s"
                            .formatted(command.method().type(), Contract.undecidedText(reply.getClass()))));
        }
        if (reply instanceof Rejection && !command.method().rejectable()) {
            throw new HandlerException(
                    command,
                    new IllegalStateException("%s can't be rejected by its contract, but the handler answered %s."
                            .formatted(command.method().type(), MessageTypes.nameOf(reply.getClass()))));
        }
        if (reply instanceof Rejection && !savepoint) {
            throw new SavepointNeededException();
        }
        Outcome outcome = reply instanceof Rejection ? Outcome.REJECTION : Outcome.SUCCESS;
        String type = MessageTypes.nameOf(reply.getClass());
        return new StoredReply(
                outcome, type, messages.sealedReply(command.message(), type, outcome, codec.encode(reply)));
    }
}
