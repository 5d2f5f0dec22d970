package io.amends.spring.boot.autoconfigure.console;

import io.amends.dashboard.bulk.BulkWorker;
import io.amends.spring.boot.autoconfigure.ListenersLifecycle;
import java.time.Duration;
import java.util.function.Supplier;

/** Carries runs out, and settles what came of orders, for as long as the process moves sagas on. */
final class ConsoleLifecycle extends ListenersLifecycle {

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final BulkWorker worker;

    ConsoleLifecycle(BulkWorker worker, Duration shutdownTimeout) {
        super(shutdownTimeout);
        this.worker = worker;
    }

    @Override
    protected void begin() {
        worker.start(INTERVAL);
    }

    @Override
    protected void end(Supplier<Duration> left) {
        worker.stop(left.get());
    }
}
