package io.amends.outbox.inbox;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The consumer settings that an inbox rests on. */
public final class InboxConsumer {

    private InboxConsumer() {}

    /**
     * The given settings (servers, security, limits), with ours on top: bytes, committed records only, from the beginning,
     * and offsets that are committed after the work.
     *
     * @param group the consumer group
     * @param maxPollRecords the most records of one poll, which one transaction takes
     */
    public static Map<String, Object> settings(Map<String, Object> given, String group, int maxPollRecords) {
        Map<String, Object> settings = new HashMap<>(given);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, maxPollRecords);
        // A killed process keeps its partitions this long; Kafka's default of 45 s is long for a waiting payment.
        settings.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        return settings;
    }
}
