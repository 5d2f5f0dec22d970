package io.amends.benchmarks.outbox.contender;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.modulith.events.EventExternalizationConfiguration;
import org.springframework.modulith.events.IncompleteEventPublications;
import org.springframework.modulith.events.RoutingTarget;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Spring Modulith's externalisation to Kafka with its JDBC registry, which deletes what is done. It has no relay: a
 * listener sends each event after its commit, and a backlog is what was left by an application that ended before that. It
 * is made by one whose listeners never come to run, and {@link #start} has another one submit it again.
 */
final class Modulith implements Contender {

    private static final List<String> SETTINGS = List.of(
            "spring.modulith.events.completion-mode=delete",
            "spring.modulith.events.jdbc.schema-initialization.enabled=true",
            "spring.kafka.producer.value-serializer=org.apache.kafka.common.serialization.ByteArraySerializer");

    private final ConfigurableApplicationContext losing;
    private final ConfigurableApplicationContext sending;
    private volatile ConfigurableApplicationContext context;
    private @Nullable ExecutorService resubmission;

    Modulith(Place place) {
        losing = open(place, false);
        sending = open(place, true);
        context = losing;
    }

    private static ConfigurableApplicationContext open(Place place, boolean sends) {
        return PeerContext.open(
                Application.class,
                place,
                Stream.concat(SETTINGS.stream(), Stream.of("benchmark.sends=" + sends))
                        .toList());
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            excludeName = {
                "io.namastack.outbox.config.OutboxCoreInfrastructureAutoConfiguration",
                "io.namastack.outbox.config.OutboxCoreThreadingAutoConfiguration",
                "io.namastack.outbox.config.OutboxCoreProcessingAutoConfiguration",
                "io.namastack.outbox.config.OutboxCoreSchedulingAutoConfiguration",
                "io.namastack.outbox.config.OutboxCoreMulticasterAutoConfiguration",
                "io.namastack.outbox.OutboxJacksonAutoConfiguration",
                "io.namastack.outbox.config.JdbcOutboxAutoConfiguration",
                "io.namastack.outbox.config.JdbcOutboxSchemaAutoConfiguration"
            })
    static class Application {

        @Bean
        EventExternalizationConfiguration externalized(@Value("${benchmark.topic}") String topic) {
            return EventExternalizationConfiguration.externalizing()
                    .selectByType(Measured.class)
                    .mapping(Measured.class, Measured::text)
                    .route(
                            Measured.class,
                            measured -> RoutingTarget.forTarget(topic).andKey(measured.key()))
                    .build();
        }

        @Bean(destroyMethod = "shutdownNow")
        ExecutorService senders() {
            return Executors.newFixedThreadPool(PeerContext.SENDERS);
        }

        /** Runs the listeners, or loses them as an application does that ends. */
        @Bean
        AsyncTaskExecutor applicationTaskExecutor(ExecutorService senders, @Value("${benchmark.sends}") boolean sends) {
            Executor lost = task -> {};
            return new TaskExecutorAdapter(sends ? senders : lost);
        }
    }

    @Override
    public void append(List<Message> messages) {
        ConfigurableApplicationContext current = context;
        new TransactionTemplate(current.getBean(PlatformTransactionManager.class))
                .executeWithoutResult(status ->
                        messages.forEach(message -> current.publishEvent(new Measured(message.key(), message.text()))));
    }

    @Override
    public void start() {
        context = sending;
        IncompleteEventPublications incomplete = sending.getBean(IncompleteEventPublications.class);
        ExecutorService made = Executors.newSingleThreadExecutor();
        made.execute(() -> incomplete.resubmitIncompletePublications(publication -> true));
        resubmission = made;
    }

    @Override
    public void stop() {
        ExecutorService running = resubmission;
        if (running != null) {
            running.shutdownNow();
            resubmission = null;
        }
    }

    @Override
    public void close() {
        stop();
        sending.close();
        losing.close();
    }
}
