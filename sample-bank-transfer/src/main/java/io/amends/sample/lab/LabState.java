package io.amends.sample.lab;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that the page shows, as it is sent. Times are milliseconds, amounts are decimal strings.
 *
 * @param at since the lab began
 * @param away what could not be read
 */
record LabState(
        long at,
        LoadState load,
        List<RoleState> processes,
        List<FaultState> faults,
        List<ModeState> modes,
        List<BlockedState> blocked,
        List<InDoubtState> inDoubt,
        List<String> locks,
        List<LaneState> lanes,
        MoneyState money,
        List<Timeline.Entry> timeline,
        List<String> away) {

    /** Open for longer than this counts as blocked. */
    static final long BLOCKED_AFTER = 2_000;

    /** Prepared for longer than this counts as in doubt; all others are told the decision within milliseconds. */
    static final long IN_DOUBT_AFTER = 1_000;

    /** More are counted and not shown. */
    static final int MOST_SHOWN = 8;

    /**
     * What is asked for.
     *
     * @param waiting transfers that no transfer service has taken in yet
     * @param unsent transfers that were given up, since too many waited
     */
    record LoadState(boolean running, int rate, int share, int waiting, long unsent, long refused) {}

    /** A process. */
    record RoleState(String name, String state, long pid, int starts) {}

    /**
     * A fault and how it stands.
     *
     * @param state OFF, WORKING (being made or undone), ARMED (waits for its moment) or ON
     * @param since how long it has been so
     * @param note what is to be known of it now, such as how many copies were made
     */
    record FaultState(
            String id,
            String title,
            String how,
            String saga,
            String twoPhase,
            String undo,
            String state,
            long since,
            String note) {}

    /**
     * A mode's transfers.
     *
     * @param states how many are in which state
     * @param perSecond how many ended per second lately
     * @param p50 from being stored to the end, of those that ended lately; null if there are none
     */
    record ModeState(
            String mode,
            Map<String, Long> states,
            long ended,
            double perSecond,
            @Nullable Long p50,
            @Nullable Long p99,
            int blocked,
            int inDoubt) {}

    /** A transfer that takes too long. */
    record BlockedState(String transfer, String mode, String state, long age, String waitsFor) {}

    /**
     * A branch that is prepared for too long.
     *
     * @param account what it keeps locked; empty if that can't be told
     * @param decision COMMIT, ABORT, or empty: none yet
     */
    record InDoubtState(String bank, String transfer, String account, long age, String decision, String coordinator) {}

    /**
     * Who publishes a part of an outbox.
     *
     * @param owner the process, with its id
     * @param lease what is left of its lease; null: nobody's
     */
    record LaneState(
            String service,
            int lane,
            String owner,
            long epoch,
            @Nullable Long lease,
            long waiting,
            @Nullable Long oldest) {}

    /** Whether the money is all there. */
    enum Money {
        CONSERVED,
        MOVING,
        NOT_CONSERVED,
        UNKNOWN
    }

    /** What money is where. */
    record MoneyState(
            List<BankState> banks,
            String start,
            String customers,
            String held,
            String prepared,
            Money verdict,
            String words) {}

    /** A bank's money; prepared: in transactions that are prepared and not seen yet. */
    record BankState(String bank, String balance, String held, String prepared) {}

    /** That mode's line. */
    ModeState mode(String mode) {
        return modes.stream().filter(one -> one.mode().equals(mode)).findFirst().orElseThrow();
    }
}
