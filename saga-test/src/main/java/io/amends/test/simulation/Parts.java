package io.amends.test.simulation;

import io.amends.outbox.Outbox;
import io.amends.runtime.store.Barrier;
import io.amends.runtime.store.SagaStore;
import io.amends.saga.engine.Engine;
import io.amends.saga.engine.SagaEngine;
import io.amends.test.memory.MemoryDatabase;
import java.time.InstantSource;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;

/**
 * What a simulation is put together from, so that its own tests can put in something broken.
 *
 * @param engine decides
 * @param sagaStore what an orchestrator's process sees of its store; also gets that process's clock
 * @param barrier what a participant's process sees of its barrier; also gets the database
 * @param outbox what a process sees of its outbox; also gets the database
 * @param leaseClock what a relay's lease goes by: given the database's clock and the process's
 * @param marksFirst whether relays note messages as sent before they are
 * @param sendsBackwards whether relays send the last message first
 */
record Parts(
        Engine engine,
        BiFunction<SagaStore, InstantSource, SagaStore> sagaStore,
        BiFunction<Barrier, MemoryDatabase, Barrier> barrier,
        BiFunction<Outbox, MemoryDatabase, Outbox> outbox,
        BinaryOperator<InstantSource> leaseClock,
        boolean marksFirst,
        boolean sendsBackwards) {

    /** As in production. */
    static Parts sound() {
        return new Parts(
                SagaEngine::decide,
                (store, clock) -> store,
                (barrier, database) -> barrier,
                (outbox, database) -> outbox,
                (ofDatabase, ofProcess) -> ofDatabase,
                false,
                false);
    }

    Parts with(Engine other) {
        return new Parts(other, sagaStore, barrier, outbox, leaseClock, marksFirst, sendsBackwards);
    }

    Parts withSagaStore(BiFunction<SagaStore, InstantSource, SagaStore> other) {
        return new Parts(engine, other, barrier, outbox, leaseClock, marksFirst, sendsBackwards);
    }

    Parts withBarrier(BiFunction<Barrier, MemoryDatabase, Barrier> other) {
        return new Parts(engine, sagaStore, other, outbox, leaseClock, marksFirst, sendsBackwards);
    }

    Parts withOutbox(BiFunction<Outbox, MemoryDatabase, Outbox> other) {
        return new Parts(engine, sagaStore, barrier, other, leaseClock, marksFirst, sendsBackwards);
    }

    Parts withLeaseClock(BinaryOperator<InstantSource> other) {
        return new Parts(engine, sagaStore, barrier, outbox, other, marksFirst, sendsBackwards);
    }

    Parts markingFirst() {
        return new Parts(engine, sagaStore, barrier, outbox, leaseClock, true, sendsBackwards);
    }

    Parts sendingBackwards() {
        return new Parts(engine, sagaStore, barrier, outbox, leaseClock, marksFirst, true);
    }
}
