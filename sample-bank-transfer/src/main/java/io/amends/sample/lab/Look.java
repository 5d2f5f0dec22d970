package io.amends.sample.lab;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the three databases said, one after the other, within one look. Times are milliseconds.
 *
 * @param away databases or parts of them that could not be read, with the trouble
 */
record Look(
        List<Count> counts,
        List<OpenTransfer> open,
        List<Prepared> prepared,
        List<Session> sessions,
        List<Lane> lanes,
        List<Bank> banks,
        List<String> away) {

    Look {
        counts = List.copyOf(counts);
        open = List.copyOf(open);
        prepared = List.copyOf(prepared);
        sessions = List.copyOf(sessions);
        lanes = List.copyOf(lanes);
        banks = List.copyOf(banks);
        away = List.copyOf(away);
    }

    static final Look NOTHING = new Look(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    /**
     * Transfers of a mode in a state.
     *
     * @param all since the lab began
     * @param recent how many came to that state within {@link LabDatabases#RECENT_SECONDS}
     * @param p50 of those, from being stored to their last change; null if there are none
     * @param p99 likewise
     */
    record Count(
            String mode,
            String state,
            long all,
            long recent,
            @Nullable Long p50,
            @Nullable Long p99) {}

    /**
     * A transfer that has not ended.
     *
     * @param state as stored: a saga's phase, or RUNNING, UNKNOWN, DECIDED
     * @param age since it was stored
     * @param step the saga's step that is under way
     * @param participant whom that step was sent to
     * @param transaction the two-phase commit's run, 32 hexadecimal digits
     * @param decision what the log of decisions has of it
     */
    record OpenTransfer(
            String id,
            String mode,
            String state,
            long age,
            @Nullable String step,
            @Nullable String participant,
            int attempts,
            @Nullable String reason,
            @Nullable String fromBank,
            @Nullable String fromAccount,
            @Nullable String toBank,
            @Nullable String toAccount,
            BigDecimal amount,
            @Nullable String transaction,
            @Nullable String decision) {}

    /**
     * A transaction that is prepared.
     *
     * @param bank where
     * @param transaction 32 hexadecimal digits; empty if its name is not the sample's
     */
    record Prepared(String bank, String transaction, String coordinator, long age) {}

    /**
     * A session that waits, or makes others wait.
     *
     * @param transaction the prepared transaction that it waits for; null if it is something else
     * @param blockers how many sessions it waits for; a prepared transaction counts as one
     */
    record Session(
            String service, Doing doing, long age, @Nullable String transaction, int blockers) {

        /** What a session does that is worth telling. */
        enum Doing {
            WAITS_FOR_LOCK,
            SLEEPS,
            IDLE_IN_TRANSACTION
        }
    }

    /** A lane of a service's outbox. */
    record Lane(
            String service,
            int lane,
            @Nullable String owner,
            long epoch,
            @Nullable Long leaseLeft,
            long waiting,
            @Nullable Long oldest) {}

    /**
     * A bank's money.
     *
     * @param balance of all customers
     * @param held how much of it is reserved
     * @param transit what the ledger says is on its way to other banks (negative: came from them)
     */
    record Bank(String bank, BigDecimal balance, BigDecimal held, BigDecimal transit) {}

    /** Transfers of that mode that are open for longer. */
    List<OpenTransfer> blocked(String mode, long longerThan) {
        return open.stream()
                .filter(transfer -> transfer.mode().equals(mode) && transfer.age() > longerThan)
                .toList();
    }

    /** Prepared for longer. */
    List<Prepared> inDoubt(long longerThan) {
        return prepared.stream().filter(one -> one.age() > longerThan).toList();
    }

    /** Transfers of that mode that are in one of the states. */
    long count(String mode, List<String> states) {
        return counts.stream()
                .filter(count -> count.mode().equals(mode) && states.contains(count.state()))
                .mapToLong(Count::all)
                .sum();
    }
}
