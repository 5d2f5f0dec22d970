package io.amends.runtime.participant;

import io.amends.outbox.Outbox;
import io.amends.outbox.OutboxMessage;
import io.amends.runtime.DeferredReplies;
import io.amends.runtime.store.Barrier.StoredReply;
import io.amends.runtime.store.OpenReplies;
import io.amends.runtime.store.OpenReplies.Open;
import io.amends.runtime.wire.MessageFactory;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.saga.MessageTypes;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.ReplyToken;
import io.amends.saga.definition.Contract;
import io.amends.saga.engine.HybridClock;
import io.amends.saga.engine.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Answers deferred commands of every participant of a database: the stored reply and the message that carries it commit
 * together. Safe for use by many threads.
 */
public final class DeferredAnswers implements DeferredReplies {

    private final OpenReplies open;
    private final Outbox outbox;
    private final MessageFactory messages;
    private final PayloadCodec codec;
    private final LongSupplier millis;
    private final TransactionTemplate transaction;
    private final Function<String, Optional<ParticipantDefinition>> participants;

    /**
     * @param participants finds a participant of this process by its name, so that a reply can be held against the
     *     contract of its command; another process's is empty, and its replies are taken as they are
     */
    public DeferredAnswers(
            Participant.Dependencies with, Function<String, Optional<ParticipantDefinition>> participants) {
        this.open = with.store().openReplies();
        this.outbox = with.outbox();
        this.messages = with.messages();
        this.codec = with.codec();
        this.millis = with.millis();
        this.transaction = new TransactionTemplate(with.transactions());
        this.participants = participants;
    }

    @Override
    public Map<ReplyToken, Result> completeAll(Map<ReplyToken, ? extends Reply> replies) {
        return replies.isEmpty() ? Map.of() : transaction.execute(status -> completeInTransaction(replies));
    }

    private Map<ReplyToken, Result> completeInTransaction(Map<ReplyToken, ? extends Reply> replies) {
        outbox.requireTransaction();
        Map<ReplyToken, StoredReply> given = messages.security().seals() ? sealed(replies) : plain(replies);
        List<OutboxMessage> sent = new ArrayList<>();
        Map<ReplyToken, Result> results = new HashMap<>();
        for (Open answered : open.answer(given)) {
            checkContract(answered, Objects.requireNonNull(replies.get(answered.token())));
            sent.add(message(answered, Objects.requireNonNull(given.get(answered.token()))));
            results.put(answered.token(), Result.DONE);
        }
        if (!sent.isEmpty()) {
            outbox.appendAll(sent);
        }
        List<ReplyToken> rest = replies.keySet().stream()
                .filter(token -> !results.containsKey(token))
                .toList();
        if (!rest.isEmpty()) {
            Map<ReplyToken, StoredReply> answers = open.answers(rest);
            rest.forEach(token -> results.put(token, of(answers.get(token))));
        }
        return results;
    }

    private static Result of(@Nullable StoredReply answer) {
        if (answer == null) {
            return Result.UNKNOWN_TOKEN;
        }
        return answer.type().equals(ReservedTypes.COMPENSATED_WHILE_OPEN) ? Result.REFUSED : Result.ALREADY_ANSWERED;
    }

    private Map<ReplyToken, StoredReply> plain(Map<ReplyToken, ? extends Reply> replies) {
        Map<ReplyToken, StoredReply> plain = new LinkedHashMap<>();
        replies.forEach((token, reply) -> plain.put(
                token, new StoredReply(outcome(reply), MessageTypes.nameOf(reply.getClass()), codec.encode(reply))));
        return plain;
    }

    /** A payload is bound to what it answers, so that has to be known before; what is not open any more is left out. */
    private Map<ReplyToken, StoredReply> sealed(Map<ReplyToken, ? extends Reply> replies) {
        Map<ReplyToken, StoredReply> plain = plain(replies);
        Map<ReplyToken, StoredReply> sealed = new LinkedHashMap<>();
        for (Open asked : open.find(List.copyOf(replies.keySet()))) {
            StoredReply reply = Objects.requireNonNull(plain.get(asked.token()));
            sealed.put(
                    asked.token(),
                    new StoredReply(
                            reply.outcome(),
                            reply.type(),
                            messages.sealedReply(asked.command(), reply.type(), reply.outcome(), reply.payload())));
        }
        return sealed;
    }

    private static Outcome outcome(Reply reply) {
        if (!Contract.isDecided(reply.getClass())) {
            throw new IllegalArgumentException("%s is no reply, as it is %s. %s"
                    .formatted(
                            reply.getClass().getName(),
                            Contract.undecidedWords(reply.getClass()),
                            Contract.undecidedAdvice(reply.getClass())));
        }
        return reply instanceof Rejection ? Outcome.REJECTION : Outcome.SUCCESS;
    }

    private OutboxMessage message(Open answered, StoredReply reply) {
        long clock = HybridClock.next(0, answered.command().clock(), millis.getAsLong());
        return messages.reply(
                answered.command(), answered.participant(), reply.type(), reply.outcome(), reply.payload(), clock);
    }

    private void checkContract(Open answered, Reply reply) {
        CommandMethod method = participants
                .apply(answered.participant())
                .map(definition -> definition.handlers().get(answered.command().type()))
                .orElse(null);
        if (method == null) {
            return;
        }
        Contract contract = Contract.of(method.commandType());
        if (!contract.replyType().isInstance(reply) || (reply instanceof Rejection && !method.rejectable())) {
            throw new IllegalArgumentException("%s is no reply to %s of participant '%s': its contract is %s."
                    .formatted(
                            reply.getClass().getName(),
                            method.type(),
                            answered.participant(),
                            contract.replyType().getName()));
        }
    }
}
