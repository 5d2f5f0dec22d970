package io.amends.spring.boot.autoconfigure.inbox;

import io.amends.outbox.inbox.IdempotentConsumer;
import io.amends.outbox.inbox.MessageHandler;
import io.amends.outbox.inbox.TopicIds;
import io.amends.spring.boot.autoconfigure.ListenersLifecycle;
import io.amends.spring.boot.autoconfigure.kafka.SagaKafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;

/** Starts the idempotent listeners once everything else runs, and stops them first, each after the poll under way. */
final class InboxLifecycle extends ListenersLifecycle {

    private static final Logger log = LoggerFactory.getLogger("io.amends");
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(250);
    private static final Duration KAFKA_LIMIT = Duration.ofSeconds(10);

    private final List<ListenerDefinition> definitions;
    private final Function<ListenerDefinition, MessageHandler> methods;
    private final IdempotentConsumers consumers;
    private final Parts parts;
    private final List<InboxContainer> containers = new ArrayList<>();
    private final List<IdempotentConsumer> started = new ArrayList<>();
    private @Nullable Admin admin;

    /**
     * What it works with.
     *
     * @param shutdownTimeout how long a stop waits at most
     */
    record Parts(
            JdbcOperations jdbc,
            PlatformTransactionManager transactions,
            SagaKafkaSettings kafka,
            InboxUpkeepTask upkeep,
            InboxProperties properties,
            Duration shutdownTimeout) {}

    /** The methods are asked for at the start only, since they need their beans. */
    InboxLifecycle(
            List<ListenerDefinition> definitions,
            Function<ListenerDefinition, MessageHandler> methods,
            IdempotentConsumers consumers,
            Parts parts) {
        super(parts.shutdownTimeout());
        this.definitions = List.copyOf(definitions);
        this.methods = methods;
        this.consumers = consumers;
        this.parts = parts;
    }

    @Override
    protected void begin() {
        parts.upkeep().start();
        if (definitions.isEmpty()) {
            return;
        }
        Admin asking = Admin.create(parts.kafka().admin());
        admin = asking;
        new RetentionCheck(asking, parts.properties().retention(), KAFKA_LIMIT)
                .warnings(definitions.stream()
                        .flatMap(definition -> definition.topics().stream())
                        .toList())
                .forEach(log::warn);
        for (ListenerDefinition definition : definitions) {
            start(definition, asking);
        }
        consumers.set(started);
    }

    private void start(ListenerDefinition definition, Admin asking) {
        InboxProperties properties = parts.properties();
        IdempotentConsumer consumer = new IdempotentConsumer(
                definition.consumer(),
                definition.idHeader(),
                methods.apply(definition),
                properties.retries(),
                new IdempotentConsumer.Dependencies(
                        parts.jdbc(),
                        parts.transactions(),
                        TopicIds.askedOf(asking, KAFKA_LIMIT),
                        () -> ThreadLocalRandom.current().nextDouble()));
        InboxContainer container = new InboxContainer(
                consumer,
                definition,
                parts.kafka().consumer("saga-inbox-" + definition.consumer()),
                properties.concurrency(),
                properties.maxPollRecords());
        started.add(consumer);
        containers.add(container);
        consumer.retries().start(RETRY_INTERVAL);
        container.start();
        log.info(
                "Consumer {} reads {} in group {} with {}",
                definition.consumer(),
                String.join(", ", definition.topics()),
                definition.group(),
                definition.place());
    }

    @Override
    protected void end(Supplier<Duration> left) {
        containers.forEach(container -> container.stop(left.get()));
        started.forEach(consumer -> consumer.retries().stop(left.get()));
        containers.clear();
        started.clear();
        parts.upkeep().stop(left.get());
        Admin asking = admin;
        if (asking != null) {
            asking.close(left.get());
        }
    }
}
