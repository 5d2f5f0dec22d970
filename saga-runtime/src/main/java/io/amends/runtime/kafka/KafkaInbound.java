package io.amends.runtime.kafka;

import io.amends.outbox.failure.ErrorText;
import io.amends.outbox.inbox.InboxConsumer;
import io.amends.runtime.wire.Inbound;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.RecordProcessor;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Feeds a {@link RecordProcessor} from one topic. The group is named like the topic, so that all processes of a service
 * share its partitions. Offsets are committed after the processor returned: now and then while it is busy, and whenever it
 * stops or hands partitions over. While it throws (the database is away), the same poll is delivered again, with a pause
 * that grows, for as long as it takes. Not started when made.
 */
public final class KafkaInbound implements Inbound {

    private static final Logger log = LoggerFactory.getLogger(KafkaInbound.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    /** What a killed process took in this time comes again; a commit for each poll would be a request and a record each. */
    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(200);

    private final String topic;
    private final ConcurrentMessageListenerContainer<byte[], byte[]> container;
    private volatile boolean troubled;

    /**
     * @param topic the topic, and the name of the consumer group
     * @param consumerSettings the application's Kafka settings: servers, security, limits; ours are put on top
     * @param concurrency consumers in this process, at least 1
     * @param maxPollRecords the most records of one poll, which one transaction takes
     * @param processor where the records go
     */
    public KafkaInbound(
            String topic,
            Map<String, Object> consumerSettings,
            int concurrency,
            int maxPollRecords,
            RecordProcessor processor) {
        this.topic = topic;
        Map<String, Object> settings = InboxConsumer.settings(consumerSettings, topic, maxPollRecords);
        ContainerProperties properties = new ContainerProperties(topic);
        properties.setAckMode(ContainerProperties.AckMode.TIME);
        properties.setAckTime(COMMIT_INTERVAL.toMillis());
        properties.setPollTimeout(1_000);
        properties.setMessageListener((BatchMessageListener<byte[], byte[]>) records -> deliver(records, processor));
        this.container =
                new ConcurrentMessageListenerContainer<>(new DefaultKafkaConsumerFactory<>(settings), properties);
        container.setConcurrency(concurrency);
        container.setBeanName(topic);
        container.setCommonErrorHandler(patientErrorHandler());
    }

    private static DefaultErrorHandler patientErrorHandler() {
        ExponentialBackOff backOff = new ExponentialBackOff(100, 2);
        backOff.setMaxInterval(LONGEST_PAUSE.toMillis());
        DefaultErrorHandler handler = new DefaultErrorHandler(backOff);
        // By default some exceptions are taken as hopeless and their records skipped; here a record is never skipped.
        handler.setClassifications(Map.of(), true);
        return handler;
    }

    private void deliver(List<ConsumerRecord<byte[], byte[]>> records, RecordProcessor processor) {
        try {
            processor.process(records.stream().map(KafkaInbound::inbound).toList());
        } catch (RuntimeException thrown) {
            if (!troubled) {
                troubled = true;
                log.warn(
                        "{}: {} records wait and are delivered again: {} ({})",
                        topic,
                        records.size(),
                        ErrorText.of(thrown),
                        ErrorText.kind(thrown));
            }
            throw thrown;
        }
        if (troubled) {
            troubled = false;
            log.info("{}: resumed", topic);
        }
    }

    private static InboundRecord inbound(ConsumerRecord<byte[], byte[]> record) {
        Map<String, byte[]> headers = new HashMap<>();
        for (Header header : record.headers()) {
            if (header.value() != null) {
                headers.put(header.key(), header.value());
            }
        }
        return new InboundRecord(
                record.topic(), record.partition(), record.offset(), record.key(), record.value(), headers);
    }

    @Override
    public String topic() {
        return topic;
    }

    @Override
    public void start() {
        container.start();
    }

    @Override
    public void stop(Duration limit) {
        container.getContainerProperties().setShutdownTimeout(limit.toMillis());
        container.stop();
    }

    /** Not where Kafka denies it access. */
    @Override
    public boolean isWell() {
        return container.isInExpectedState();
    }

    /** Whether it reads. */
    public boolean isRunning() {
        return container.isRunning();
    }
}
