package io.amends.spring.boot.autoconfigure.runtime;

import io.amends.runtime.participant.Participant;
import io.amends.runtime.wire.Topics;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import io.amends.saga.definition.StepAction;
import io.amends.saga.definition.StepDefinition;
import io.amends.spring.boot.autoconfigure.kafka.NeededTopics;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The topics that a service needs at the start: those it reads, and those of participants that its sagas name. Where a
 * command is addressed by data, its topic is the participant's to make.
 */
final class ServiceTopics {

    private ServiceTopics() {}

    static NeededTopics of(SagaRegistry registry, LocalParticipants participants, SagaProperties properties) {
        Set<String> names = new TreeSet<>();
        if (properties.participant().enabled()) {
            for (Participant participant : participants.all()) {
                names.add(Topics.commands(participant.definition().name()));
            }
        }
        for (SagaDefinition saga : registry.all()) {
            if (properties.orchestrator().enabled()) {
                names.add(Topics.replies(saga.name()));
            }
            for (StepDefinition step : saga.steps()) {
                addFixed(step.action(), names);
                addFixed(step.compensation(), names);
            }
        }
        return new NeededTopics(names);
    }

    private static void addFixed(@Nullable StepAction action, Set<String> names) {
        if (action instanceof StepAction.Remote remote && remote.participant() != null) {
            names.add(Topics.commands(remote.participant()));
        }
    }
}
