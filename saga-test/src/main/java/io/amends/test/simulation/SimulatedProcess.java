package io.amends.test.simulation;

import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** A process: what it can do, made anew after a crash. Each work tells how much there was to do. Used by one thread. */
final class SimulatedProcess {

    private final Supplier<List<IntSupplier>> start;
    private List<IntSupplier> works = List.of();

    SimulatedProcess(Supplier<List<IntSupplier>> start) {
        this.start = start;
    }

    void restart() {
        works = start.get();
    }

    List<IntSupplier> works() {
        return works;
    }
}
