package io.amends.runtime.participant;

import io.amends.outbox.Outbox;
import io.amends.outbox.OutboxMessage;
import io.amends.runtime.participant.Barrier.Claim;
import io.amends.runtime.participant.Barrier.Made;
import io.amends.runtime.participant.Barrier.StoredReply;
import io.amends.runtime.wire.MessageFactory;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.saga.MessageTypes;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.HybridClock;
import io.amends.saga.engine.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What a participant does with a list of commands inside one transaction: barrier rows, handlers in order, stored
 * replies, outbox. The framework's own statements do not grow with the list; a command that may be rejected costs a
 * savepoint besides. Safe for use by many threads.
 */
final class CommandTransaction {

    private final String participant;
    private final Barrier barrier;
    private final Outbox outbox;
    private final MessageFactory messages;
    private final PayloadCodec codec;
    private final LongSupplier millis;
    private final TransactionTemplate nested;

    CommandTransaction(
            String participant,
            Barrier barrier,
            Outbox outbox,
            MessageFactory messages,
            PayloadCodec codec,
            LongSupplier millis,
            PlatformTransactionManager transactions) {
        this.participant = participant;
        this.barrier = barrier;
        this.outbox = outbox;
        this.messages = messages;
        this.codec = codec;
        this.millis = millis;
        this.nested = new TransactionTemplate(transactions);
        this.nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
    }

    /**
     * Carries the commands out in the running transaction.
     *
     * @return how many of them were repeats
     * @throws HandlerException if a handler threw; the transaction must be rolled back
     */
    int run(List<ReceivedCommand> commands) {
        Set<Made> made = barrier.claim(claims(commands));
        Map<Barrier.Key, StoredReply> known = new HashMap<>(barrier.load(keysToLoad(commands, made)));
        Map<Barrier.Key, StoredReply> fresh = new LinkedHashMap<>();
        Set<Barrier.Key> begun = new HashSet<>();
        List<OutboxMessage> replies = new ArrayList<>(commands.size());
        int repeats = 0;
        for (ReceivedCommand command : commands) {
            Barrier.Key key = command.key();
            boolean first = made.contains(new Made(key, command.message().id())) && begun.add(key);
            if (first) {
                StoredReply reply = hasNothingToUndo(command, made, known)
                        ? new StoredReply(Outcome.SUCCESS, ReservedTypes.NOTHING_TO_COMPENSATE, new byte[0])
                        : carryOut(command);
                known.put(key, reply);
                fresh.put(key, reply);
            } else {
                repeats++;
            }
            replies.add(answer(command, known));
        }
        barrier.storeReplies(fresh);
        outbox.appendAll(replies);
        return repeats;
    }

    private static List<Claim> claims(List<ReceivedCommand> commands) {
        List<Claim> claims = new ArrayList<>(commands.size());
        for (ReceivedCommand command : commands) {
            Barrier.Key key = command.key();
            if (key.kind() == CommandKind.COMPENSATION) {
                // Where the action has no row yet, this one refuses it for ever.
                claims.add(new Claim(
                        key.action(),
                        command.message().id(),
                        Outcome.REJECTION,
                        ReservedTypes.ACTION_AFTER_COMPENSATION));
            }
            claims.add(new Claim(key, command.message().id(), null, null));
        }
        return claims;
    }

    /** Replies to repeats, and what became of the actions that are to be compensated. */
    private static List<Barrier.Key> keysToLoad(List<ReceivedCommand> commands, Set<Made> made) {
        Set<Barrier.Key> keys = new HashSet<>();
        for (ReceivedCommand command : commands) {
            if (!made.contains(new Made(command.key(), command.message().id()))) {
                keys.add(command.key());
            }
            if (command.key().kind() == CommandKind.COMPENSATION) {
                keys.add(command.key().action());
            }
        }
        return List.copyOf(keys);
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
        return action == null || action.outcome() != Outcome.SUCCESS;
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

    private StoredReply carryOut(ReceivedCommand command) {
        Reply reply;
        try {
            reply = command.method().rejectable()
                    ? nested.execute(status -> {
                        Reply answer = command.method().handle().apply(command.body());
                        if (answer instanceof Rejection) {
                            status.setRollbackOnly();
                        }
                        return answer;
                    })
                    : command.method().handle().apply(command.body());
        } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError thrown) {
            // Such an error is the handler's, not the machine's; passed on, it would end the consumer.
            throw new HandlerException(command, thrown);
        }
        if (reply instanceof Rejection && !command.method().rejectable()) {
            throw new HandlerException(
                    command,
                    new IllegalStateException("%s can't be rejected by its contract, but the handler answered %s."
                            .formatted(command.method().type(), MessageTypes.nameOf(reply.getClass()))));
        }
        return new StoredReply(
                reply instanceof Rejection ? Outcome.REJECTION : Outcome.SUCCESS,
                MessageTypes.nameOf(reply.getClass()),
                codec.encode(reply));
    }
}
