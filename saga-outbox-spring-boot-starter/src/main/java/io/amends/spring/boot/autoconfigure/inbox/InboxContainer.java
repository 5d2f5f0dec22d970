package io.amends.spring.boot.autoconfigure.inbox;

import io.amends.outbox.failure.ErrorText;
import io.amends.outbox.inbox.IdempotentConsumer;
import io.amends.outbox.inbox.InboxConsumer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.BatchConsumerAwareMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Feeds a consumer from Kafka. Offsets are committed now and then, after the database: what a crash leaves uncommitted is
 * left out when it comes again. While the consumer throws, the same poll is delivered again with growing pauses.
 */
final class InboxContainer {

    private static final Logger log = LoggerFactory.getLogger(InboxContainer.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(200);

    private final IdempotentConsumer consumer;
    private final ConcurrentMessageListenerContainer<byte[], byte[]> container;
    private volatile boolean troubled;

    InboxContainer(
            IdempotentConsumer consumer,
            ListenerDefinition definition,
            Map<String, Object> kafkaSettings,
            int concurrency,
            int maxPollRecords) {
        this.consumer = consumer;
        ContainerProperties properties =
                new ContainerProperties(definition.topics().toArray(String[]::new));
        properties.setAckMode(ContainerProperties.AckMode.TIME);
        properties.setAckTime(COMMIT_INTERVAL.toMillis());
        properties.setPollTimeout(1_000);
        properties.setMessageListener((BatchConsumerAwareMessageListener<byte[], byte[]>) this::deliver);
        properties.setConsumerRebalanceListener(new Forgetting());
        this.container = new ConcurrentMessageListenerContainer<>(
                new DefaultKafkaConsumerFactory<>(
                        InboxConsumer.settings(kafkaSettings, definition.group(), maxPollRecords)),
                properties);
        container.setConcurrency(concurrency);
        container.setBeanName("saga-inbox-" + definition.consumer());
        container.setCommonErrorHandler(patientErrorHandler());
    }

    private static DefaultErrorHandler patientErrorHandler() {
        ExponentialBackOff backOff = new ExponentialBackOff(100, 2);
        backOff.setMaxInterval(LONGEST_PAUSE.toMillis());
        DefaultErrorHandler handler = new DefaultErrorHandler(backOff);
        // By default some exceptions are taken as hopeless and their records skipped; what is hopeless is parked by us.
        handler.setClassifications(Map.of(), true);
        return handler;
    }

    private void deliver(List<ConsumerRecord<byte[], byte[]>> records, @Nullable Consumer<?, ?> kafka) {
        Map<TopicPartition, Long> ahead;
        try {
            ahead = consumer.process(records);
        } catch (RuntimeException thrown) {
            if (!troubled) {
                troubled = true;
                log.warn(
                        "Consumer '{}': {} records wait and are delivered again: {} ({})",
                        consumer.name(),
                        records.size(),
                        ErrorText.of(thrown),
                        ErrorText.kind(thrown));
            }
            throw thrown;
        }
        if (troubled) {
            troubled = false;
            log.info("Consumer '{}': resumed", consumer.name());
        }
        if (kafka != null) {
            ahead.forEach(kafka::seek);
        }
    }

    private final class Forgetting implements ConsumerAwareRebalanceListener {

        @Override
        public void onPartitionsAssigned(Consumer<?, ?> kafka, Collection<TopicPartition> partitions) {
            consumer.forget(partitions);
        }

        @Override
        public void onPartitionsRevokedAfterCommit(Consumer<?, ?> kafka, Collection<TopicPartition> partitions) {
            consumer.forget(partitions);
        }

        @Override
        public void onPartitionsLost(Consumer<?, ?> kafka, Collection<TopicPartition> partitions) {
            consumer.forget(partitions);
        }
    }

    void start() {
        container.start();
    }

    /** Ends reading after the poll that is under way, waiting at most that long. */
    void stop(Duration limit) {
        container.getContainerProperties().setShutdownTimeout(limit.toMillis());
        container.stop();
    }
}
