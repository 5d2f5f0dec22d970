package io.amends.twopc;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Where decisions are kept. The first that is written of a transaction counts, whoever writes it; that settles every race
 * between a coordinator and those who clean up after it, without clocks. Safe for use by many threads and processes. Every
 * call ends within its limit.
 */
public interface DecisionLog {

    /**
     * Writes that a transaction commits, durably before it returns.
     *
     * @param decision a COMMIT and its branches
     * @param limit how long it may take
     * @return true if it is written; false if the transaction was settled as ABORT before
     * @throws DecisionLogException if that failed; only if it was {@linkplain DecisionLogException#sent sent} it may be
     *     written all the same, now or later, and {@link #settle} tells
     */
    boolean commit(Decision decision, Duration limit);

    /**
     * Writes, durably, that those transactions abort, except where something is decided, and tells what counts. Waits for
     * decisions that are being written.
     *
     * @param transactions the transactions and who began each
     * @param limit how long it may take
     * @return the decision of each
     * @throws DecisionLogException if that failed; nothing is known then
     */
    Map<TransactionId, Decision> settle(Map<TransactionId, String> transactions, Duration limit);

    /**
     * What is decided of those, without deciding anything. One that is not in the result runs, or was rolled back.
     *
     * @throws DecisionLogException if that failed
     */
    Map<TransactionId, Decision> find(Collection<TransactionId> transactions, Duration limit);

    /**
     * Commits whose branches are not all known to be committed, the oldest first.
     *
     * @param most how many at most
     * @param limit how long it may take
     * @throws DecisionLogException if that failed
     */
    List<Decision> unfinished(int most, Duration limit);

    /**
     * Notes that all branches of those are committed. Need not be durable: what is lost is found out again.
     *
     * @throws DecisionLogException if that failed
     */
    void done(Collection<TransactionId> transactions, Duration limit);

    /**
     * Notes what somebody else did to a branch against the decision, or that nobody knows. Kept until an operator deletes it.
     *
     * @throws DecisionLogException if that failed
     */
    void heuristic(HeuristicOutcome found, Duration limit);

    /**
     * What was noted so, the newest first.
     *
     * @throws DecisionLogException if that failed
     */
    List<HeuristicOutcome> heuristics(int most, Duration limit);

    /**
     * Deletes what is done, or was settled as ABORT, for longer than that.
     *
     * @return how many
     * @throws DecisionLogException if that failed
     */
    int forget(Duration retention, Duration limit);

    /**
     * Checks whether decisions can be written here.
     *
     * @throws TwoPhaseRefusedException if they can't
     * @throws DecisionLogException if the log can't be reached
     */
    void check(Duration limit);

    /** How an operator writes that a transaction aborts unless something is decided: SQL, and where to run it. */
    String settleByHand(TransactionId transaction, String coordinator);
}
