package io.amends.spring.boot.autoconfigure.retention;

import io.amends.runtime.retention.RetentionRounds;
import io.amends.spring.boot.autoconfigure.ListenersLifecycle;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Removes what is old for as long as the application runs. */
final class RetentionLifecycle extends ListenersLifecycle {

    private final @Nullable RetentionRounds rounds;
    private final Duration interval;

    /** Without rounds where everything is kept for ever. */
    RetentionLifecycle(@Nullable RetentionRounds rounds, Duration interval, Duration shutdownTimeout) {
        super(shutdownTimeout);
        this.rounds = rounds;
        this.interval = interval;
    }

    @Override
    protected void begin() {
        if (rounds != null) {
            rounds.start(interval);
        }
    }

    @Override
    protected void end(Supplier<Duration> left) {
        if (rounds != null) {
            rounds.stop(left.get());
        }
    }
}
