package io.amends.spring.boot.autoconfigure.runtime;

import io.amends.outbox.relay.LocalReceiver;
import io.amends.outbox.relay.Relay;
import io.amends.runtime.local.LocalInbound;
import io.amends.runtime.orchestrator.Orchestration;
import io.amends.runtime.participant.Participant;
import io.amends.runtime.wire.Inbound;
import io.amends.runtime.wire.Topics;
import io.amends.saga.definition.SagaRegistry;
import io.amends.spring.boot.autoconfigure.InvalidSagaPropertiesException;
import io.amends.spring.boot.autoconfigure.OutboxProperties;
import io.amends.spring.boot.autoconfigure.transport.ConditionalOnTransport;
import io.amends.spring.boot.autoconfigure.transport.LocalRoutes;
import io.amends.spring.boot.autoconfigure.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Commands and replies that the relay of the same process hands over. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnTransport(Transport.POSTGRESQL)
class LocalInboundConfiguration {

    @Bean
    LocalRoutes sagaLocalRoutes(
            Orchestration orchestration,
            LocalParticipants participants,
            SagaProperties properties,
            OutboxProperties shared) {
        if (shared.relay().enabled()) {
            check(
                    !participants.all().isEmpty() && !properties.participant().enabled(),
                    !orchestration.registry().names().isEmpty()
                            && !properties.orchestrator().enabled());
        }
        return receivers -> {
            for (Participant participant : participants.all()) {
                receivers.add(
                        Topics.commands(participant.definition().name()),
                        properties.participant().maxPollRecords(),
                        new LocalInbound(participant));
            }
            LocalReceiver replies = new LocalInbound(orchestration.replies());
            for (String saga : orchestration.registry().names()) {
                receivers.add(Topics.replies(saga), properties.orchestrator().maxPollRecords(), replies);
            }
        };
    }

    /** A lane has the messages of all handlers, and belongs to one process. */
    private static void check(boolean areParticipantsIdle, boolean areSagasIdle) {
        List<String> problems = new ArrayList<>();
        if (areParticipantsIdle) {
            problems.add(problem("saga.participant.enabled"));
        }
        if (areSagasIdle) {
            problems.add(problem("saga.orchestrator.enabled"));
        }
        if (!problems.isEmpty()) {
            throw new InvalidSagaPropertiesException(problems);
        }
    }

    private static String problem(String property) {
        return "%s is false and saga.transport is postgresql, where the process that has a lane handles all of its messages: set saga.relay.enabled=false too, and all of it is left to another process of this application."
                .formatted(property);
    }

    @Bean
    Inbounds sagaInbounds(SagaRegistry registry, LocalParticipants participants, ObjectProvider<Relay> relays) {
        Relay relay = relays.getIfAvailable();
        List<Inbound> inbounds = new ArrayList<>();
        if (relay != null) {
            for (Participant participant : participants.all()) {
                inbounds.add(
                        new HandedOver(Topics.commands(participant.definition().name()), relay));
            }
            registry.names().forEach(saga -> inbounds.add(new HandedOver(Topics.replies(saga), relay)));
        }
        return new Inbounds(inbounds);
    }
}
