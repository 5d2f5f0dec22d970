package io.amends.spring.boot.autoconfigure.console;

import io.amends.dashboard.alerts.Webhook;
import io.amends.dashboard.live.Charts;
import io.amends.dashboard.retention.ConsoleRetention;
import io.amends.runtime.rounds.Rounds;
import io.amends.runtime.rounds.Rounds.Work;
import io.amends.spring.boot.autoconfigure.ListenersLifecycle;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the console does by itself: watches for alerts, tells a webhook, notes figures, and removes what is old; each on its own thread. */
final class WatchLifecycle extends ListenersLifecycle {

    private static final Duration SENDING = Duration.ofSeconds(1);
    private static final Duration REMOVING = Duration.ofMinutes(10);

    private final Rounds watching;
    private final @Nullable Rounds sending;
    private final Rounds sampling;
    private final Rounds removing;
    private final Duration interval;

    WatchLifecycle(
            List<BooleanSupplier> watches,
            @Nullable Webhook webhook,
            Charts charts,
            ConsoleRetention retention,
            Duration interval,
            Duration shutdownTimeout) {
        super(shutdownTimeout);
        this.watching = new Rounds("saga-console-watch", "The watch for alerts", Work.whileMore(() -> all(watches)));
        this.sending = webhook == null
                ? null
                : new Rounds("saga-console-webhook", "The webhook for alerts", Work.whileMore(webhook::sendOne));
        this.sampling = new Rounds("saga-console-charts", "The console's charts", Work.of(charts::sample));
        this.removing = new Rounds(
                "saga-console-retention",
                "The removal of what the console noted long ago",
                Work.whileMore(retention::removeSome));
        this.interval = interval;
    }

    /** One after the other: they share a lock. One that throws keeps none of the others from its round. */
    private static boolean all(List<BooleanSupplier> watches) {
        boolean isMore = false;
        RuntimeException first = null;
        for (BooleanSupplier watch : watches) {
            try {
                isMore |= watch.getAsBoolean();
            } catch (RuntimeException thrown) {
                first = first == null ? thrown : first;
            }
        }
        if (first != null) {
            throw first;
        }
        return isMore;
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
