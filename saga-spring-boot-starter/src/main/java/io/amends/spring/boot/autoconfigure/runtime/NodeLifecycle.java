package io.amends.spring.boot.autoconfigure.runtime;

import io.amends.runtime.orchestrator.SagaNodes;
import io.amends.spring.boot.autoconfigure.ListenersLifecycle;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Gives signs of life for as long as sagas are moved on. */
final class NodeLifecycle extends ListenersLifecycle {

    private final @Nullable SagaNodes nodes;

    /** Without nodes in a process that moves no sagas on. */
    NodeLifecycle(@Nullable SagaNodes nodes, Duration shutdownTimeout) {
        super(shutdownTimeout);
        this.nodes = nodes;
    }

    @Override
    protected void begin() {
        if (nodes != null) {
            nodes.start();
        }
    }

    @Override
    protected void end(Supplier<Duration> left) {
        if (nodes != null) {
            nodes.stop(left.get());
        }
    }
}
