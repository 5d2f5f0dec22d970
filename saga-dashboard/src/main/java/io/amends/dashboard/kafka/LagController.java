package io.amends.dashboard.kafka;

import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.Requires;
import io.amends.dashboard.rest.ConsoleController;
import io.amends.dashboard.rest.ConsoleSettings;
import io.amends.dashboard.stuck.StuckReason;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** How far consumers are behind. */
@RequestMapping("/api/v1")
public final class LagController implements ConsoleController {

    private final Supplier<Lag> lag;
    private final ConsoleSettings settings;

    /** Told by that, such as {@link ConsumerLag#look}. */
    public LagController(Supplier<Lag> lag, ConsoleSettings settings) {
        this.lag = lag;
        this.settings = settings;
    }

    /** @param runbook where it says what to do about consumers that are behind */
    record LagAnswer(
            List<TopicLag> topics, int omitted, @Nullable String trouble, String runbook) {}

    @GetMapping("/lag")
    @Requires(ConsolePermission.VIEW)
    LagAnswer lag() {
        Lag told = lag.get();
        return new LagAnswer(
                told.topics(), told.omitted(), told.trouble(), settings.runbook(StuckReason.REPLY_OVERDUE));
    }
}
