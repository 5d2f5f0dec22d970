package io.amends.twopc.simulation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The coordinator of three-phase commit: D. Skeen, "Nonblocking Commit Protocols" (1981). Between the votes and the commit all
 * banks are told that all agreed, so that nobody commits while somebody does not know it. Who does not acknowledge in time is
 * taken for crashed: that is where it needs a network without partitions.
 *
 * @param phase what it waits for
 * @param answered who voted yes, or acknowledged
 */
record ThreePhaseCoordinator(List<String> banks, Phase phase, Set<String> answered, State state, Defect defect)
        implements Process {

    enum Phase {
        VOTES,
        ACKNOWLEDGEMENTS,
        /** It has ended. */
        NOTHING,
        /** It crashed before it had ended; the others may have ended without it. */
        OTHERS
    }

    static ThreePhaseCoordinator of(List<String> banks, Defect defect) {
        return new ThreePhaseCoordinator(banks, Phase.VOTES, Set.of(), State.WORKING, defect);
    }

    @Override
    public Step begin() {
        return Step.to(this).sendAll(banks, Kind.PREPARE).wake(Times.ROUND, Alarm.VOTES_LATE);
    }

    @Override
    public Step receive(String from, Kind kind) {
        return switch (kind) {
            case YES -> phase == Phase.VOTES ? answered(from) : Step.to(this);
            case NO -> phase == Phase.VOTES ? abort() : Step.to(this);
            case ACKNOWLEDGED -> phase == Phase.ACKNOWLEDGEMENTS ? answered(from) : Step.to(this);
            case COMMIT -> Step.to(state.ended() ? this : ended(State.COMMITTED));
            case ABORT -> Step.to(state.ended() ? this : ended(State.ABORTED));
            case WHAT_WAS_DECIDED ->
                state.ended()
                        ? Step.to(this).send(from, state == State.COMMITTED ? Kind.COMMIT : Kind.ABORT)
                        : Step.to(this);
            default -> Step.to(this);
        };
    }

    private Step answered(String bank) {
        Set<String> all = new HashSet<>(answered);
        all.add(bank);
        ThreePhaseCoordinator next = new ThreePhaseCoordinator(banks, phase, Set.copyOf(all), state, defect);
        if (all.size() < banks.size()) {
            return Step.to(next);
        }
        return phase == Phase.VOTES && defect != Defect.NO_PRECOMMIT ? next.precommit() : next.commit();
    }

    private Step precommit() {
        return Step.to(new ThreePhaseCoordinator(banks, Phase.ACKNOWLEDGEMENTS, Set.of(), state, defect))
                .sendAll(banks, Kind.PRECOMMIT)
                .wake(Times.ROUND, Alarm.ACKNOWLEDGEMENTS_LATE);
    }

    private Step commit() {
        return Step.to(ended(State.COMMITTED)).sendAll(banks, Kind.COMMIT);
    }

    private Step abort() {
        return Step.to(ended(State.ABORTED)).sendAll(banks, Kind.ABORT);
    }

    private ThreePhaseCoordinator ended(State end) {
        return new ThreePhaseCoordinator(banks, Phase.NOTHING, Set.of(), end, defect);
    }

    @Override
    public Step wake(Alarm alarm) {
        return switch (alarm) {
            case VOTES_LATE -> phase == Phase.VOTES ? abort() : Step.to(this);
            case ACKNOWLEDGEMENTS_LATE -> phase == Phase.ACKNOWLEDGEMENTS ? commit() : Step.to(this);
            case ASK_AGAIN -> phase == Phase.OTHERS ? ask() : Step.to(this);
            default -> Step.to(this);
        };
    }

    @Override
    public Step comeBack() {
        return state.ended()
                ? Step.to(this)
                : new ThreePhaseCoordinator(banks, Phase.OTHERS, Set.of(), state, defect).ask();
    }

    private Step ask() {
        return Step.to(this).sendAll(banks, Kind.WHAT_WAS_DECIDED).wake(Times.LOOK, Alarm.ASK_AGAIN);
    }
}
