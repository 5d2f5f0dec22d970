package io.amends.twopc.simulation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A bank in three-phase commit, with the termination protocol of D. Skeen, "Nonblocking Commit Protocols" (1981). A bank that
 * hears of no decision becomes the backup coordinator: it brings all others to its own state, then commits if that is
 * precommitted, else aborts. The election is by turns, which in a synchronous network leaves one backup at a time. A bank that
 * was away asks the others and decides nothing.
 *
 * @param rank its place in the order of backups, from 0
 * @param coordinator the coordinator's name
 * @param otherBanks the banks but this one
 * @param refuses whether it votes no
 * @param backup whether it has begun to act as backup
 * @param moved who came to the backup's state
 * @param returned whether it was away after its vote
 */
record ThreePhaseBank(
        int rank,
        String coordinator,
        List<String> otherBanks,
        boolean refuses,
        State state,
        boolean backup,
        Set<String> moved,
        boolean returned,
        Defect defect)
        implements Process {

    static ThreePhaseBank of(int rank, String coordinator, List<String> otherBanks, boolean refuses, Defect defect) {
        return new ThreePhaseBank(
                rank, coordinator, otherBanks, refuses, State.WORKING, false, Set.of(), false, defect);
    }

    @Override
    public Step begin() {
        return Step.to(this).wake(Times.WORK, Alarm.NO_WORK);
    }

    @Override
    public Step receive(String from, Kind kind) {
        if (state.ended()) {
            return ended(from, kind);
        }
        return switch (kind) {
            case PREPARE -> vote();
            case PRECOMMIT -> moveTo(State.PRECOMMITTED, from);
            case WAIT ->
                state == State.WORKING ? endAs(State.ABORTED).send(from, Kind.ABORT) : moveTo(State.PREPARED, from);
            case COMMIT -> endAs(State.COMMITTED);
            case ABORT -> endAs(State.ABORTED);
            case ACKNOWLEDGED -> backup ? moved(from) : Step.to(this);
            default -> Step.to(this);
        };
    }

    /** It has ended already, and tells so whoever wants to know or to move it. */
    private Step ended(String from, Kind kind) {
        return switch (kind) {
            case PREPARE -> state == State.ABORTED ? Step.to(this).send(from, Kind.NO) : Step.to(this);
            case PRECOMMIT, WAIT, WHAT_WAS_DECIDED ->
                Step.to(this).send(from, state == State.COMMITTED ? Kind.COMMIT : Kind.ABORT);
            default -> Step.to(this);
        };
    }

    private Step vote() {
        if (state != State.WORKING) {
            return Step.to(this);
        }
        if (refuses) {
            return endAs(State.ABORTED).send(coordinator, Kind.NO);
        }
        return Step.to(now(State.PREPARED))
                .send(coordinator, Kind.YES)
                .wake(Times.PHASES + rank * Times.TURN, Alarm.TURN);
    }

    private Step moveTo(State there, String from) {
        return returned || state == State.WORKING
                ? Step.to(this)
                : Step.to(now(there)).send(from, Kind.ACKNOWLEDGED);
    }

    private Step endAs(State end) {
        return Step.to(now(end));
    }

    @Override
    public Step wake(Alarm alarm) {
        return switch (alarm) {
            case NO_WORK -> state == State.WORKING ? endAs(State.ABORTED) : Step.to(this);
            case TURN -> state.inDoubt() && !returned ? actAsBackup() : Step.to(this);
            case ACKNOWLEDGEMENTS_LATE -> state.inDoubt() && backup ? decide() : Step.to(this);
            case ASK_AGAIN -> state.inDoubt() && returned ? ask() : Step.to(this);
            default -> Step.to(this);
        };
    }

    private Step actAsBackup() {
        ThreePhaseBank acting = withMoved(Set.of());
        if (defect == Defect.BACKUP_DECIDES_AT_ONCE || otherBanks.isEmpty()) {
            return acting.decide();
        }
        return Step.to(acting)
                .sendAll(otherBanks, state == State.PRECOMMITTED ? Kind.PRECOMMIT : Kind.WAIT)
                .wake(Times.ROUND, Alarm.ACKNOWLEDGEMENTS_LATE);
    }

    private Step moved(String bank) {
        Set<String> all = new HashSet<>(moved);
        all.add(bank);
        ThreePhaseBank next = withMoved(Set.copyOf(all));
        return all.size() == otherBanks.size() ? next.decide() : Step.to(next);
    }

    /** Skeen's rule: commit if another process may have committed while one is in this state. */
    private Step decide() {
        boolean commit = state == State.PRECOMMITTED;
        return endAs(commit ? State.COMMITTED : State.ABORTED)
                .sendAll(otherBanks, commit ? Kind.COMMIT : Kind.ABORT)
                .send(coordinator, commit ? Kind.COMMIT : Kind.ABORT);
    }

    @Override
    public Step comeBack() {
        if (state == State.WORKING) {
            return endAs(State.ABORTED);
        }
        if (state.ended()) {
            return Step.to(this);
        }
        return new ThreePhaseBank(rank, coordinator, otherBanks, refuses, state, false, Set.of(), true, defect).ask();
    }

    private Step ask() {
        return Step.to(this)
                .send(coordinator, Kind.WHAT_WAS_DECIDED)
                .sendAll(otherBanks, Kind.WHAT_WAS_DECIDED)
                .wake(Times.LOOK, Alarm.ASK_AGAIN);
    }

    private ThreePhaseBank now(State next) {
        return new ThreePhaseBank(rank, coordinator, otherBanks, refuses, next, backup, moved, returned, defect);
    }

    private ThreePhaseBank withMoved(Set<String> now) {
        return new ThreePhaseBank(rank, coordinator, otherBanks, refuses, state, true, now, returned, defect);
    }
}
