package io.amends.spring.boot.autoconfigure.console;

import io.amends.dashboard.alerts.StuckWatch;
import io.amends.dashboard.alerts.Webhook;
import io.amends.dashboard.live.Charts;
import io.amends.dashboard.retention.ConsoleRetention;
import io.amends.dashboard.rounds.Rounds;
import io.amends.spring.boot.autoconfigure.ListenersLifecycle;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the console does by itself: watches, tells a webhook, notes figures, and removes what is old; each on its own thread. */
final class WatchLifecycle extends ListenersLifecycle {

    private static final Duration SENDING = Duration.ofSeconds(1);
    private static final Duration REMOVING = Duration.ofMinutes(10);

    private final Rounds watching;
    private final @Nullable Rounds sending;
    private final Rounds sampling;
    private final Rounds removing;
    private final Duration interval;

    WatchLifecycle(
            StuckWatch watch,
            @Nullable Webhook webhook,
            Charts charts,
            ConsoleRetention retention,
            Duration interval,
            Duration shutdownTimeout) {
        super(shutdownTimeout);
        this.watching = new Rounds("saga-console-watch", "The watch over stuck sagas", watch::look);
        this.sending =
                webhook == null ? null : new Rounds("saga-console-webhook", "The webhook for alerts", webhook::sendOne);
        this.sampling = new Rounds("saga-console-charts", "The console's charts", () -> {
            charts.sample();
            return false;
        });
        this.removing = new Rounds(
                "saga-console-retention", "The removal of what the console noted long ago", retention::removeSome);
        this.interval = interval;
    }

    @Override
    protected void begin() {
        watching.start(interval);
        if (sending != null) {
            sending.start(SENDING);
        }
        sampling.start(Charts.EVERY);
        removing.start(REMOVING);
    }

    @Override
    protected void end(Supplier<Duration> left) {
        watching.stop(left.get());
        sampling.stop(left.get());
        removing.stop(left.get());
        if (sending != null) {
            sending.stop(left.get());
        }
    }
}
