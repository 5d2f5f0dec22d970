package io.amends.runtime.store;

import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Outcome;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.ConcurrencyFailureException;

/**
 * Inbox and barrier of one participant. One row a command key, made before the handler runs and in its transaction; the
 * row holds the reply, so that a repeat gets the same one. A compensation whose action has no row makes that row too,
 * which refuses the action for ever. The idea of the barrier is dtm's sub-transaction barrier. Every method takes part in
 * the caller's transaction and is one statement for any number of commands. Safe for use by many threads and processes.
 */
public interface Barrier {

    /** What makes two commands the same. */
    record Key(UUID sagaId, String step, CommandKind kind) {

        /** The order in which rows are made. */
        public static final Comparator<Key> ORDER =
                Comparator.comparing(Key::sagaId).thenComparing(Key::step).thenComparing(Key::kind);

        /** The key of the action that this one's step has. */
        public Key action() {
            return new Key(sagaId, step, CommandKind.ACTION);
        }
    }

    /**
     * A row to make. The message's id tells who made it, where an action and its compensation come in one poll.
     *
     * @param round how often the orchestrator's operator has asked anew after a rejection
     */
    record Claim(
            Key key,
            UUID messageId,
            @Nullable Outcome outcome,
            @Nullable String replyType,
            int round) {}

    /** A row that {@link #claim} made, and the message that asked for it. */
    record Made(Key key, UUID messageId) {}

    /** A reply as it is kept. */
    record StoredReply(Outcome outcome, String type, byte[] payload) {}

    /**
     * Makes the rows that are not there yet; of two claims for one key the first wins. Waits for another transaction
     * that has made one of them and is not over.
     *
     * @return those it made
     */
    Set<Made> claim(List<Claim> claims);

    /**
     * Likewise, and lets the caller's transaction wait for no lock longer than that from now on, where nothing else limits
     * it. A wait in vain ends with an exception whose cause has SQLSTATE 55P03. A store whose transactions never hold a
     * lock for long may leave the limit out.
     *
     * @param lockTimeout whole milliseconds; none if zero
     */
    default Set<Made> claim(List<Claim> claims, Duration lockTimeout) {
        return claim(claims);
    }

    /**
     * Takes the handlers' rejections of earlier rounds out of their rows, which are as good as made by this transaction
     * then: a rejection had no effect, so that the command may be carried out once more. What succeeded, what is open, what
     * the framework itself refused, and what was {@link #seal sealed} stays. Waits for another transaction that changes
     * one of the rows, without a deadlock between two such calls.
     *
     * @param claims at most one for a key
     * @return those that it opened
     */
    Set<Made> renew(List<Claim> claims);

    /**
     * Lets rejected actions never be asked anew, since their compensation came.
     *
     * @throws ConcurrencyFailureException if one of them was asked anew since it was loaded; run again
     */
    void seal(Set<Key> actions);

    /**
     * What is kept for some keys.
     *
     * @param replies the stored replies
     * @param open the keys whose reply is not there yet: deferred, or of rows that this transaction made
     */
    record Loaded(Map<Key, StoredReply> replies, Set<Key> open) {}

    /** What is kept for those keys. */
    Loaded load(List<Key> keys);

    /** Takes back rows that this transaction made: their commands are to come again as if for the first time. */
    void withdraw(List<Key> keys);

    /**
     * Lets deferred actions never be answered otherwise than so, since their compensation came.
     *
     * @throws ConcurrencyFailureException if one of them was answered since it was loaded; run again
     */
    void close(Set<Key> actions, StoredReply reply);

    /** Keeps the replies in the rows that this transaction made. */
    void storeReplies(Map<Key, StoredReply> replies);
}
