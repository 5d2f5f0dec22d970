package io.amends.spring.boot.autoconfigure.inbox;

import io.amends.outbox.inbox.MessageHandler;
import io.amends.outbox.inbox.OutboxConsumer;
import io.amends.outbox.relay.LocalReceivers;
import io.amends.spring.boot.autoconfigure.ListenersLifecycle;
import io.amends.spring.boot.autoconfigure.transport.LocalRoutes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The idempotent listeners where there is no Kafka: the relay hands them their messages, and what they set aside is tried
 * again from here.
 */
final class LocalInboxLifecycle extends ListenersLifecycle implements LocalRoutes {

    private static final Logger log = LoggerFactory.getLogger("io.amends");
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(250);

    private final List<ListenerDefinition> definitions;
    private final Function<ListenerDefinition, MessageHandler> methods;
    private final IdempotentConsumers consumers;
    private final OutboxConsumer.Dependencies dependencies;
    private final InboxProperties properties;
    private final InboxUpkeepTask upkeep;
    private final List<OutboxConsumer> made = new ArrayList<>();

    /** The methods are asked for at the start only, since they need their beans. */
    LocalInboxLifecycle(
            List<ListenerDefinition> definitions,
            Function<ListenerDefinition, MessageHandler> methods,
            IdempotentConsumers consumers,
            OutboxConsumer.Dependencies dependencies,
            InboxProperties properties,
            InboxUpkeepTask upkeep,
            Duration shutdownTimeout) {
        super(shutdownTimeout);
        this.definitions = List.copyOf(definitions);
        this.methods = methods;
        this.consumers = consumers;
        this.dependencies = dependencies;
        this.properties = properties;
        this.upkeep = upkeep;
    }

    @Override
    public void addTo(LocalReceivers receivers) {
        for (ListenerDefinition definition : definitions) {
            OutboxConsumer consumer = new OutboxConsumer(
                    definition.consumer(),
                    definition.idHeader(),
                    methods.apply(definition),
                    properties.retries(),
                    dependencies);
            made.add(consumer);
            definition.topics().forEach(topic -> receivers.add(topic, properties.maxPollRecords(), consumer));
            log.info(
                    "Consumer {} is handed {} with {}",
                    definition.consumer(),
                    String.join(", ", definition.topics()),
                    definition.place());
        }
        consumers.set(made);
    }

    @Override
    protected void begin() {
        upkeep.start();
        made.forEach(consumer -> consumer.retries().start(RETRY_INTERVAL));
    }

    @Override
    protected void end(Supplier<Duration> left) {
        made.forEach(consumer -> consumer.retries().stop(left.get()));
        upkeep.stop(left.get());
    }
}
