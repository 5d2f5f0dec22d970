package io.amends.spring.boot.autoconfigure.observability;

import io.amends.outbox.relay.Relay;
import io.amends.runtime.observation.SagaFigures.Open;
import io.amends.runtime.observation.SagaFigures.SetAside;
import io.amends.saga.engine.SagaPhase;
import io.amends.spring.boot.autoconfigure.runtime.LiveParts;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Down where a restart of this process would help: a consumer or the timers have ended by themselves. Stuck sagas and
 * participants in trouble are told and change nothing: a restart would make them no better. Neither would it help where
 * PostgreSQL or Kafka are away, after which everything goes on by itself.
 */
final class SagaHealth implements HealthIndicator {

    private final LiveParts parts;
    private final @Nullable Relay relay;
    private final CachedFigures figures;

    /** @param relay null where the relay is left to another process */
    SagaHealth(LiveParts parts, @Nullable Relay relay, CachedFigures figures) {
        this.parts = parts;
        this.relay = relay;
        this.figures = figures;
    }

    @Override
    public Health health() {
        boolean running = parts.isRunning();
        List<String> dead = running ? parts.dead() : List.of();
        boolean relayEnded = running && relay != null && !relay.isRunning();
        return (dead.isEmpty() && !relayEnded ? Health.up() : Health.down())
                .withDetail("listeners", listeners(running, dead))
                .withDetail("relay", relay(relayEnded))
                .withDetails(inDatabase())
                .build();
    }

    private String listeners(boolean running, List<String> dead) {
        if (!running) {
            return "not started yet, or stopping";
        }
        return dead.isEmpty()
                ? "all %d run".formatted(parts.all().size())
                : "%s ended by themselves; the log says why. Restart this process once the cause is mended"
                        .formatted(String.join(", ", dead));
    }

    private String relay(boolean ended) {
        if (relay == null) {
            return "left to another process";
        }
        if (ended) {
            return "was stopped; restart this process";
        }
        return relay.lanes() == 0 ? "stands by" : "publishes %d of the outbox's lanes".formatted(relay.lanes());
    }

    private Map<String, Object> inDatabase() {
        CachedFigures.Now now = figures.now();
        if (now == null) {
            return Map.of("sagas", "not known: the database does not tell");
        }
        Map<String, Object> details = new TreeMap<>();
        details.put("sagas", open(now.sagas().open()));
        details.put("stuck", stuck(now.stuck()));
        details.put("setAside", setAside(now.sagas().setAside()));
        String trouble = now.participants().stream()
                .filter(flow -> flow.waitingSteps() > 0)
                .map(flow -> "%d steps wait for %s".formatted(flow.waitingSteps(), flow.participant()))
                .collect(Collectors.joining(", "));
        details.put("participants", trouble.isEmpty() ? "nothing waits for one" : trouble);
        return details;
    }

    private static String open(List<Open> open) {
        Map<SagaPhase, Long> numbers = open.stream()
                .collect(Collectors.groupingBy(Open::phase, TreeMap::new, Collectors.summingLong(Open::number)));
        String text = numbers.entrySet().stream()
                .map(entry -> "%d %s"
                        .formatted(entry.getValue(), entry.getKey().name().toLowerCase(Locale.ROOT)))
                .collect(Collectors.joining(", "));
        return text.isEmpty() ? "none is open" : text;
    }

    private static String setAside(List<SetAside> messages) {
        String text = messages.stream()
                .map(some -> "%s: %d".formatted(some.reason(), some.number()))
                .sorted()
                .collect(Collectors.joining(", "));
        return text.isEmpty() ? "none" : text;
    }

    private static String stuck(Map<String, StuckNumbers.Line> stuck) {
        String text = stuck.entrySet().stream()
                .map(entry ->
                        "%s: %d".formatted(entry.getKey(), entry.getValue().number()))
                .collect(Collectors.joining(", "));
        return text.isEmpty() ? "none" : text;
    }
}
