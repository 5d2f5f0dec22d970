package io.amends.spring.boot.autoconfigure.inbox;

import io.amends.outbox.failure.ErrorText;
import io.amends.outbox.inbox.InboxUpkeep;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after the inbox's partitions now and then, on a thread of its own. Started and stopped by one thread. */
final class InboxUpkeepTask {

    private static final Logger log = LoggerFactory.getLogger("io.amends");
    private static final Duration INTERVAL = Duration.ofMinutes(10);

    private final InboxUpkeep upkeep;
    private @Nullable ScheduledExecutorService keeper;
    private boolean troubled;

    InboxUpkeepTask(InboxUpkeep upkeep) {
        this.upkeep = upkeep;
    }

    void start() {
        ScheduledExecutorService keeping =
                Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "saga-inbox-upkeep"));
        keeper = keeping;
        keeping.scheduleWithFixedDelay(this::keep, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void keep() {
        try {
            List<String> done = upkeep.run();
            if (!done.isEmpty()) {
                log.info("Inbox: {}", String.join(", ", done));
            }
            troubled = false;
        } catch (RuntimeException thrown) {
            // The next turn tries again; saying so once is enough.
            if (!troubled) {
                troubled = true;
                log.warn("The inbox's partitions are looked after later: {}", ErrorText.of(thrown));
            }
        }
    }

    /** Ends it, waiting at most that long. */
    void stop(Duration limit) {
        ScheduledExecutorService keeping = keeper;
        keeper = null;
        if (keeping == null) {
            return;
        }
        keeping.shutdownNow();
        try {
            if (!keeping.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("The inbox's upkeep was still at work when the time for stopping was over");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
