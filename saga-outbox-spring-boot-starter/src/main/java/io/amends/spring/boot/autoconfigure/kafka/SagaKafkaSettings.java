package io.amends.spring.boot.autoconfigure.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SslConfigs;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.kafka.autoconfigure.SslBundleSslEngineFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.util.StringUtils;

/**
 * Settings of our own Kafka clients: where and how to connect is the application's ({@code spring.kafka.*} or its
 * connection details, with SSL and SASL); what the guarantees rest on is ours. Immutable.
 */
public final class SagaKafkaSettings {

    private static final int DEFAULT_MAX_REQUEST_BYTES = 1024 * 1024;
    private static final int ENVELOPE_BYTES = 64 * 1024;

    private final KafkaProperties properties;
    private final @Nullable KafkaConnectionDetails connection;

    /**
     * Settings from the application's.
     *
     * @param properties the application's settings
     * @param connection where to connect if that is known from elsewhere, as from a test container; null to take it from
     *     the properties
     */
    public SagaKafkaSettings(KafkaProperties properties, @Nullable KafkaConnectionDetails connection) {
        this.properties = properties;
        this.connection = connection;
    }

    /** The bootstrap servers, separated by commas. */
    public String servers() {
        return String.valueOf(StringUtils.collectionToCommaDelimitedString(
                connection == null
                        ? properties.getBootstrapServers()
                        : connection.getAdmin().getBootstrapServers()));
    }

    /**
     * For the relay, which puts on top what its order rests on.
     *
     * @param maxMessageBytes the largest message that the outbox accepts
     */
    public Map<String, Object> producer(int maxMessageBytes) {
        Map<String, Object> settings = new HashMap<>(properties.buildProducerProperties());
        connect(settings, connection == null ? null : connection.getProducer());
        // What the outbox has accepted must not be refused here because of a smaller limit.
        settings.merge(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                Math.max(DEFAULT_MAX_REQUEST_BYTES, maxMessageBytes + ENVELOPE_BYTES),
                (given, needed) -> Math.max(Integer.parseInt(given.toString()), (Integer) needed));
        return nameClient(settings, "saga-relay");
    }

    /**
     * For a listener, which puts deserialisers, group and isolation on top.
     *
     * @param topic the topic that it reads
     */
    public Map<String, Object> consumer(String topic) {
        Map<String, Object> settings = new HashMap<>(properties.buildConsumerProperties());
        connect(settings, connection == null ? null : connection.getConsumer());
        return nameClient(settings, topic);
    }

    /** For the check at the start, and for making topics. */
    public Map<String, Object> admin() {
        Map<String, Object> settings = new HashMap<>(properties.buildAdminProperties());
        connect(settings, connection == null ? null : connection.getAdmin());
        return nameClient(settings, "saga-admin");
    }

    private static void connect(Map<String, Object> settings, KafkaConnectionDetails.@Nullable Configuration place) {
        if (place == null) {
            return;
        }
        List<String> servers = place.getBootstrapServers();
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
        String protocol = place.getSecurityProtocol();
        if (StringUtils.hasLength(protocol)) {
            settings.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, protocol);
        }
        SslBundle bundle = place.getSslBundle();
        if (bundle != null) {
            settings.put(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, SslBundleSslEngineFactory.class);
            settings.put(SslBundle.class.getName(), bundle);
        }
    }

    /** Two clients of one name in one process get in each other's way in JMX. */
    private static Map<String, Object> nameClient(Map<String, Object> settings, String role) {
        settings.computeIfPresent(CommonClientConfigs.CLIENT_ID_CONFIG, (name, clientId) -> clientId + "-" + role);
        return settings;
    }
}
