package io.amends.runtime.store;

import io.amends.runtime.isolation.LockWait;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.SagaMessage;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Commands of one participant that are to be delivered again: their handler threw, or they wait for a semantic lock or for
 * a row that another transaction has locked. Times are by the store's clock. Every method takes part in the caller's transaction. Safe for use by many threads and
 * processes.
 */
public interface Redeliveries {

    /** A command, how often it was tried, why it waits, and the message it came as. */
    record Row(long id, int attempts, String error, InboundRecord record) {}

    /**
     * Keeps a command whose first attempt failed. One that is there already stays, as the message that came last, so that
     * its answer names that attempt of the sender; unless it is being delivered just now.
     */
    void add(SagaMessage message, String error, long waitMillis);

    /**
     * Keeps a command that waits for a row; this is no attempt. One that is there already stays and takes over the message,
     * as in {@link #add}.
     *
     * @return whether it is new here
     */
    boolean awaitRow(SagaMessage message, String error, long waitMillis);

    /**
     * Keeps commands until their semantic locks are free; none of this is an attempt. One that is there already takes over
     * the message, as in {@link #add}.
     *
     * @return how many are due at once
     */
    int awaitLocks(List<SagaMessage> messages, Map<Barrier.Key, LockWait> waits);

    /** Makes commands due that need not wait any longer; they may not be here. */
    void hasten(List<Barrier.Key> keys);

    /** The ids of what is due, soonest first. */
    List<Long> due(int most);

    /** Locks a command until the transaction ends; empty if it is gone or another transaction has it. */
    Optional<Row> lock(long id);

    /** Notes a failed attempt and lets the command wait. */
    void postpone(long id, int attempts, String error, long waitMillis);

    /**
     * Removes a command.
     *
     * @return how many others are due at once because of that
     */
    int delete(long id);
}
