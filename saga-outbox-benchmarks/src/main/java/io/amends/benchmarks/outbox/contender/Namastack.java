package io.amends.benchmarks.outbox.contender;

import io.namastack.outbox.Outbox;
import io.namastack.outbox.OutboxProcessingScheduler;
import io.namastack.outbox.handler.OutboxTypedHandler;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Namastack Outbox with JDBC and the settings of its guide's platform-thread candidate. Its Kafka module is not on Maven
 * Central in this version; the handler does what that one does, to send a record and wait for it.
 */
final class Namastack implements Contender {

    private static final List<String> SETTINGS = List.of(
            "namastack.outbox.polling.trigger=fixed",
            "namastack.outbox.polling.batch-size=1000",
            "namastack.outbox.polling.fixed.interval=25ms",
            "namastack.outbox.processing.executor-core-pool-size=" + PeerContext.SENDERS,
            "namastack.outbox.processing.executor-max-pool-size=" + 2 * PeerContext.SENDERS,
            "namastack.outbox.processing.delete-completed-records=true",
            "namastack.outbox.instance.heartbeat-interval=1s",
            "namastack.outbox.instance.stale-instance-timeout=10s",
            "namastack.outbox.instance.rebalance-interval=1s",
            "namastack.outbox.multicaster.enabled=false");

    private final ConfigurableApplicationContext context;
    private final TransactionTemplate transaction;
    private final Outbox outbox;
    private final OutboxProcessingScheduler scheduler;

    Namastack(Place place) {
        context = PeerContext.open(Application.class, place, SETTINGS);
        transaction = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
        outbox = context.getBean(Outbox.class);
        scheduler = context.getBean(OutboxProcessingScheduler.class);
        scheduler.stop();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            excludeName = {
                "org.springframework.modulith.events.config.EventPublicationAutoConfiguration",
                "org.springframework.modulith.events.config.EventExternalizationAutoConfiguration",
                "org.springframework.modulith.events.jackson.JacksonEventSerializationConfiguration",
                "org.springframework.modulith.events.jackson2.Jackson2EventSerializationConfiguration",
                "org.springframework.modulith.events.jdbc.JdbcEventPublicationAutoConfiguration",
                "org.springframework.modulith.events.kafka.KafkaEventExternalizerConfiguration",
                "org.springframework.modulith.events.kafka.KafkaJacksonConfiguration",
                "org.springframework.modulith.events.kafka.KafkaJackson2Configuration",
                "org.springframework.modulith.moments.autoconfigure.MomentsAutoConfiguration"
            })
    static class Application {

        @Bean
        OutboxTypedHandler<Measured> sender(
                KafkaTemplate<Object, Object> kafka, @Value("${benchmark.topic}") String topic) {
            return (measured, metadata) -> {
                try {
                    kafka.send(topic, measured.key(), measured.text()).get();
                } catch (ExecutionException trouble) {
                    throw new IllegalStateException("Kafka refused a record", trouble);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("Interrupted while sending", interrupted);
                }
            };
        }
    }

    @Override
    public void append(List<Message> messages) {
        transaction.executeWithoutResult(status -> messages.forEach(
                message -> outbox.schedule(new Measured(message.key(), message.text()), message.key())));
    }

    @Override
    public void start() {
        scheduler.start();
    }

    @Override
    public void stop() {
        scheduler.stop();
    }

    @Override
    public void close() {
        context.close();
    }
}
