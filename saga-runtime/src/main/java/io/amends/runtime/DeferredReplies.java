package io.amends.runtime;

import io.amends.saga.Reply;
import io.amends.saga.ReplyToken;
import java.util.Map;
import java.util.Objects;

/**
 * Answers commands whose handler returned {@link io.amends.saga.Deferred#later()}. A reply counts once: of two that come
 * at one moment, on whatever nodes, one is stored and sent, and the other is told so. Safe for use by many threads.
 */
public interface DeferredReplies {

    /** What came of a reply. */
    enum Result {
        /** It is stored, and sent once the transaction commits. */
        DONE,
        /** The command was answered before; that reply counts, and this one was dropped. */
        ALREADY_ANSWERED,
        /** The command was compensated before it was answered, so that its reply does not matter any more. */
        REFUSED,
        /** No command was deferred with this token in this database, or its handler has not committed yet. */
        UNKNOWN_TOKEN
    }

    /**
     * Answers a command, in the caller's transaction where there is one, else in one of its own.
     *
     * @param token what the handler was given
     * @param reply the answer, of the command's contract
     * @throws IllegalArgumentException if the reply is not of that contract, or not either a {@link
     *     io.amends.saga.Success} or a {@link io.amends.saga.Rejection}; nothing was changed
     */
    default Result complete(ReplyToken token, Reply reply) {
        return Objects.requireNonNull(completeAll(Map.of(token, reply)).get(token));
    }

    /**
     * Answers several commands, with as many statements as for one.
     *
     * @return what came of each
     * @throws IllegalArgumentException if one of the replies is not of its command's contract, or not either a {@link
     *     io.amends.saga.Success} or a {@link io.amends.saga.Rejection}; nothing was changed
     */
    Map<ReplyToken, Result> completeAll(Map<ReplyToken, ? extends Reply> replies);
}
