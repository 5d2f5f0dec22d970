package io.amends.spring.boot.autoconfigure.runtime;

import io.amends.runtime.flow.FlowKeeper;
import io.amends.spring.boot.autoconfigure.ListenersLifecycle;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets the flow control look for as long as sagas are moved on. */
final class FlowLifecycle extends ListenersLifecycle {

    private final @Nullable FlowKeeper keeper;
    private final Duration interval;

    /** Without a keeper where there are no sagas, and so nothing to look at. */
    FlowLifecycle(@Nullable FlowKeeper keeper, Duration interval, Duration shutdownTimeout) {
        super(shutdownTimeout);
        this.keeper = keeper;
        this.interval = interval;
    }

    @Override
    protected void begin() {
        if (keeper != null) {
            keeper.start(interval);
        }
    }

    @Override
    protected void end(Supplier<Duration> left) {
        if (keeper != null) {
            keeper.stop(left.get());
        }
    }
}
