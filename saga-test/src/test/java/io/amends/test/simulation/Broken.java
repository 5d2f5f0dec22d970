package io.amends.test.simulation;

import io.amends.outbox.Outbox;
import io.amends.test.memory.MemoryDatabase;
import io.amends.test.simulation.Run.Mode;
import io.amends.test.simulation.Run.Setting;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Mistakes that a saga framework may make, each made on purpose: a simulator that does not notice them proves nothing. */
enum Broken {
    DEDUPLICATION_IN_ITS_OWN_TRANSACTION(
            "P", sound -> sound.withBarrier((barrier, database) -> new BrokenBarriers.ClaimsFirst(barrier, database))),
    NO_TOMBSTONE("P5", sound -> sound.withBarrier((barrier, database) -> new BrokenBarriers.NoTombstone(barrier))),
    ACTION_ACCEPTED_AFTER_ITS_COMPENSATION(
            "P5",
            sound -> sound.withBarrier((barrier, database) -> new BrokenBarriers.ActionAfterCompensation(barrier))),
    A_SUCCESS_IS_ASKED_ANEW(
            "P4", sound -> sound.withBarrier((barrier, database) -> new BrokenBarriers.SuccessAskedAnew(barrier))),
    COMPENSATION_RESTORES_A_REMEMBERED_BALANCE("conservation", sound -> sound),
    LEASE_BY_LOCAL_CLOCK("unexpected: the lease", sound -> sound.withLeaseClock((ofDatabase, ofProcess) -> ofProcess)),
    UPDATE_WITHOUT_VERSION("P", sound -> sound.withSagaStore((store, clock) -> new BrokenStores.NoVersion(store))),
    TIMEOUT_TREATED_AS_FAILURE("P", sound -> sound.with(BrokenEngines::timeoutIsRejection)),
    DEADLINE_WITHOUT_FENCING_THE_OPEN_STEP("P5", sound -> sound.with(BrokenEngines::deadlineForgetsOpenSteps)),
    REPLY_ACCEPTED_FROM_THE_WRONG_PARTICIPANT("P", sound -> sound.with(BrokenEngines::anybodyMayReply)),
    COMPENSATION_ORDER_WRONG("compensation order", sound -> sound.with(BrokenEngines::compensatesAllAtOnce)),
    OUTBOX_IN_ITS_OWN_TRANSACTION("P2", sound -> sound.withOutbox(Broken::inItsOwnTransaction)),
    TIMERS_BY_LOCAL_CLOCK("deadline", sound -> sound.withSagaStore(BrokenStores.LocalClock::new)),
    SENT_IS_NOTED_BEFORE_SENDING("P3", Parts::markingFirst),
    SENT_BACKWARDS("P6", Parts::sendingBackwards),
    LATE_REPLY_REOPENS_A_SAGA("terminal", sound -> sound.with(BrokenEngines::lateReplyReopens)),
    STARTED_BUT_NOT_STORED(
            "P1", sound -> sound.withSagaStore((store, clock) -> new BrokenStores.StartForgotten(store)));

    private final String promise;
    private final UnaryOperator<Parts> breaking;

    Broken(String promise, UnaryOperator<Parts> breaking) {
        this.promise = promise;
        this.breaking = breaking;
    }

    /** How the violation that tells of it begins. */
    String promise() {
        return promise;
    }

    Setting setting() {
        Setting setting = Setting.of(Mode.LIVENESS).with(breaking.apply(Parts.sound()));
        return switch (this) {
            case COMPENSATION_RESTORES_A_REMEMBERED_BALANCE -> setting.rememberingBalances();
            // It takes two that change one instance at the same moment.
            case UPDATE_WITHOUT_VERSION ->
                setting.with(Faults.none().withInterleaving(0.2).withRedelivery(0.2));
            case REPLY_ACCEPTED_FROM_THE_WRONG_PARTICIPANT ->
                setting.with(Faults.some().withForgery(0.1));
            default -> setting;
        };
    }

    private static Outbox inItsOwnTransaction(Outbox outbox, MemoryDatabase database) {
        return messages -> own(database, () -> {
            outbox.appendAll(messages);
            return true;
        });
    }

    static <T> T own(MemoryDatabase database, Supplier<T> work) {
        TransactionTemplate own = new TransactionTemplate(database.transactions());
        own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        return own.execute(status -> work.get());
    }
}
