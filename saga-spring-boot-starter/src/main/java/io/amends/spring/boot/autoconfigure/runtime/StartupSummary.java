package io.amends.spring.boot.autoconfigure.runtime;

import io.amends.runtime.participant.Participant;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import io.amends.saga.definition.StepDefinition;
import io.amends.spring.boot.autoconfigure.StartupPhases;
import io.amends.spring.boot.autoconfigure.StartupTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells in a few lines what runs here, once all of it runs. */
final class StartupSummary extends StartupTask {

    private static final Logger log = LoggerFactory.getLogger("io.amends");
    private static final int FINGERPRINT_LENGTH = 8;

    private final SagaRegistry registry;
    private final LocalParticipants participants;
    private final SagaProperties properties;

    StartupSummary(SagaRegistry registry, LocalParticipants participants, SagaProperties properties) {
        super(StartupPhases.SUMMARY);
        this.registry = registry;
        this.participants = participants;
        this.properties = properties;
    }

    @Override
    protected void run() {
        lines().forEach(log::info);
    }

    /** What is told, a line each. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (SagaDefinition saga : registry.all()) {
            lines.add("Saga %s v%d (%s): %s%s"
                    .formatted(
                            saga.name(),
                            saga.version(),
                            saga.fingerprint()
                                    .substring(
                                            0,
                                            Math.min(
                                                    FINGERPRINT_LENGTH,
                                                    saga.fingerprint().length())),
                            sequence(saga),
                            properties.orchestrator().enabled()
                                    ? ""
                                    : "; replies are left to another process (saga.orchestrator.enabled=false)"));
        }
        for (Participant participant : participants.all()) {
            lines.add("Participant %s handles %s%s"
                    .formatted(
                            participant.definition().name(),
                            participant.definition().handlers().keySet().stream()
                                    .sorted()
                                    .collect(Collectors.joining(", ")),
                            properties.participant().enabled()
                                    ? ""
                                    : "; its commands are left to another process (saga.participant.enabled=false)"));
        }
        if (lines.isEmpty()) {
            lines.add(
                    "No class with @Saga or @SagaParticipant in or below the application's packages; outbox and relay are ready.");
        }
        return lines;
    }

    /** Steps of the same order run in parallel. */
    private static String sequence(SagaDefinition saga) {
        Map<Integer, String> together = new TreeMap<>();
        for (StepDefinition step : saga.steps()) {
            together.merge(step.order(), step.name(), (first, other) -> first + " & " + other);
        }
        return String.join(" -> ", together.values());
    }
}
