package io.amends.spring.boot.autoconfigure.retention;

import io.amends.saga.definition.SagaDefinition;
import io.amends.spring.boot.autoconfigure.kafka.TopicRetention;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares how long participants remember commands with how long sagas may take and be reopened, and topics keep commands. It warns and does not
 * refuse: topics change at any time, and most sagas are those of other services, which can't be asked at all.
 */
final class BarrierCheck {

    private final Duration barrier;
    private final @Nullable Duration sagas;

    /**
     * @param barrier how long participants remember commands
     * @param sagas how long ended sagas are kept, and so how long one that was ended by hand may be reopened; null for ever
     */
    BarrierCheck(Duration barrier, @Nullable Duration sagas) {
        this.barrier = barrier;
        this.sagas = sagas;
    }

    /** Of sagas of this service that may still send compensations after their commands were forgotten. */
    List<String> sagas(Collection<SagaDefinition> definitions) {
        if (definitions.isEmpty()) {
            return List.of();
        }
        if (sagas == null) {
            return List.of(
                    "Ended sagas are kept for ever (saga.retention.sagas), and who ended one by hand may reopen it, but participants with the retention of this service forget commands after %s (saga.retention.barrier). A compensation that comes later undoes nothing. Set saga.retention.barrier to 0 too, here and at every participant, or saga.retention.sagas to less."
                            .formatted(text(barrier)));
        }
        List<String> warnings = new ArrayList<>();
        for (SagaDefinition definition : definitions) {
            Duration deadline = definition.deadline();
            Duration open = deadline == null ? sagas : deadline.plus(sagas);
            if (open.compareTo(barrier) > 0) {
                warnings.add(
                        "Saga '%s' version %d may take %s and, ended by hand, be reopened for %s more (saga.retention.sagas), but participants with the retention of this service forget its commands after %s (saga.retention.barrier). A compensation that comes later undoes nothing. Set it to more than %s here and at every participant of the saga, or to 0 for ever."
                                .formatted(
                                        definition.name(),
                                        definition.version(),
                                        deadline == null ? "any time" : text(deadline) + " (its deadline)",
                                        text(sagas),
                                        text(barrier),
                                        text(open)));
            }
        }
        return warnings;
    }

    /** Of topics that keep commands for longer. */
    List<String> topics(Map<String, Duration> kept) {
        List<String> warnings = new ArrayList<>();
        kept.forEach((topic, duration) -> {
            if (duration.equals(TopicRetention.FOR_EVER)) {
                warnings.add(
                        "Topic %s keeps commands for ever, but participants forget them after %s (saga.retention.barrier). Who reads the topic from its beginning later than that carries old commands out again. Give the topic a retention.ms, or set saga.retention.barrier to 0 for ever."
                                .formatted(topic, text(barrier)));
            } else if (duration.compareTo(barrier) > 0) {
                warnings.add(
                        "Topic %s keeps commands for %s, but participants forget them after %s (saga.retention.barrier). A command that is read again later than that is carried out again. Set saga.retention.barrier to more than %s, or lower the topic's retention.ms."
                                .formatted(topic, text(duration), text(barrier), text(duration)));
            }
        });
        return warnings;
    }

    private static String text(Duration duration) {
        return duration.equals(Duration.ofDays(duration.toDays()))
                ? duration.toDays() + "d"
                : duration.toSeconds() + "s";
    }
}
