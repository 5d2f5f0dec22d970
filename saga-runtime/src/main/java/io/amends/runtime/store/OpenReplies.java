package io.amends.runtime.store;

import io.amends.runtime.store.Barrier.StoredReply;
import io.amends.runtime.wire.SagaMessage;
import io.amends.saga.ReplyToken;
import java.util.List;
import java.util.Map;

/**
 * Commands that are answered later, by their tokens, with what is needed to do so. Whether one was answered says its row
 * in the {@link Barrier}. Every method takes part in the caller's transaction and is one statement for any number of
 * commands. Safe for use by many threads and processes.
 */
public interface OpenReplies {

    /**
     * A command that is answered later.
     *
     * @param token what answers it
     * @param participant who was asked
     * @param command what was asked; where it comes from the store, without payload and without the headers that no
     *     reply needs
     */
    record Open(ReplyToken token, String participant, SagaMessage command) {}

    /**
     * Keeps tokens; the rows of their commands were made, or renewed, by this transaction. A command has one token: that of
     * an earlier round is forgotten.
     */
    void keep(List<Open> replies);

    /** The commands of those tokens that have no reply yet; nothing is locked. */
    List<Open> find(List<ReplyToken> tokens);

    /**
     * Stores those replies in the barrier's rows that have none yet, and waits for another transaction that is about to
     * do so, without a deadlock between two such calls.
     *
     * @return the commands that were answered so
     */
    List<Open> answer(Map<ReplyToken, StoredReply> replies);

    /** The stored replies of those commands; tokens that are not known, or whose command is still open, are left out. */
    Map<ReplyToken, StoredReply> answers(List<ReplyToken> tokens);
}
