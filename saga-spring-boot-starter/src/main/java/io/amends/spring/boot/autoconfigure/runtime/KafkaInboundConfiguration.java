package io.amends.spring.boot.autoconfigure.runtime;

import io.amends.runtime.kafka.KafkaInbound;
import io.amends.runtime.orchestrator.Orchestration;
import io.amends.runtime.participant.Participant;
import io.amends.runtime.wire.Inbound;
import io.amends.runtime.wire.Topics;
import io.amends.spring.boot.autoconfigure.kafka.SagaKafkaSettings;
import io.amends.spring.boot.autoconfigure.transport.ConditionalOnTransport;
import io.amends.spring.boot.autoconfigure.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Commands and replies that come from Kafka. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnTransport(Transport.KAFKA)
class KafkaInboundConfiguration {

    @Bean
    Inbounds sagaInbounds(
            Orchestration orchestration,
            LocalParticipants participants,
            SagaKafkaSettings kafka,
            SagaProperties properties) {
        List<Inbound> inbounds = new ArrayList<>();
        if (properties.participant().enabled()) {
            for (Participant participant : participants.all()) {
                String topic = Topics.commands(participant.definition().name());
                inbounds.add(new KafkaInbound(
                        topic,
                        kafka.consumer(topic),
                        properties.participant().concurrency(),
                        properties.participant().maxPollRecords(),
                        participant));
            }
        }
        if (properties.orchestrator().enabled()) {
            for (String saga : orchestration.registry().names()) {
                String topic = Topics.replies(saga);
                inbounds.add(new KafkaInbound(
                        topic,
                        kafka.consumer(topic),
                        properties.orchestrator().concurrency(),
                        properties.orchestrator().maxPollRecords(),
                        orchestration.replies()));
            }
        }
        return new Inbounds(inbounds);
    }
}
