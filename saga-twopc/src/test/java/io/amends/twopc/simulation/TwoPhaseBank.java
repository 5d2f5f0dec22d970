package io.amends.twopc.simulation;

/**
 * A bank in two-phase commit. Until it has voted it may end by itself; once it is prepared it waits, however long.
 *
 * @param refuses whether it votes no
 */
record TwoPhaseBank(String coordinator, boolean refuses, State state, Defect defect) implements Process {

    static TwoPhaseBank of(String coordinator, boolean refuses, Defect defect) {
        return new TwoPhaseBank(coordinator, refuses, State.WORKING, defect);
    }

    @Override
    public Step begin() {
        return Step.to(this).wake(Times.WORK, Alarm.NO_WORK);
    }

    @Override
    public Step receive(String from, Kind kind) {
        return switch (kind) {
            case PREPARE -> prepare();
            case COMMIT -> Step.to(state == State.PREPARED ? now(State.COMMITTED) : this);
            case ABORT -> Step.to(state.ended() ? this : now(State.ABORTED));
            case ANYTHING_IN_DOUBT -> state == State.PREPARED ? Step.to(this).send(from, Kind.IN_DOUBT) : Step.to(this);
            default -> Step.to(this);
        };
    }

    private Step prepare() {
        if (state != State.WORKING) {
            // A rollback that overtook its prepare has won.
            return state == State.ABORTED ? Step.to(this).send(coordinator, Kind.NO) : Step.to(this);
        }
        if (refuses) {
            return Step.to(now(State.ABORTED)).send(coordinator, Kind.NO);
        }
        Step prepared = Step.to(now(State.PREPARED)).send(coordinator, Kind.YES);
        return defect == Defect.BANK_ABORTS_BY_TIMEOUT ? prepared.wake(Times.ROUND, Alarm.IN_DOUBT_TOO_LONG) : prepared;
    }

    @Override
    public Step wake(Alarm alarm) {
        return switch (alarm) {
            case NO_WORK -> Step.to(state == State.WORKING ? now(State.ABORTED) : this);
            case IN_DOUBT_TOO_LONG -> Step.to(state == State.PREPARED ? now(State.ABORTED) : this);
            default -> Step.to(this);
        };
    }

    @Override
    public Step comeBack() {
        boolean lost = state == State.WORKING || state == State.PREPARED && defect == Defect.PROMISE_IS_NOT_DURABLE;
        return Step.to(lost ? now(State.ABORTED) : this);
    }

    private TwoPhaseBank now(State next) {
        return new TwoPhaseBank(coordinator, refuses, next, defect);
    }
}
