package io.amends.spring.boot.autoconfigure.kafka;

import io.amends.spring.boot.autoconfigure.StartupPhases;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Before anything runs: Kafka answers, and the topics are there. */
final class ConnectivityCheck implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ConnectivityCheck.class);

    private final KafkaTopics kafka;
    private final List<NeededTopics> needed;
    private volatile boolean running;

    ConnectivityCheck(KafkaTopics kafka, List<NeededTopics> needed) {
        this.kafka = kafka;
        this.needed = List.copyOf(needed);
    }

    @Override
    public void start() {
        SortedSet<String> names = new TreeSet<>();
        needed.forEach(part -> names.addAll(part.names()));
        List<String> created = kafka.ensure(names);
        if (!names.isEmpty()) {
            log.info(
                    "Topics: {}{}",
                    String.join(", ", names),
                    created.isEmpty() ? "" : " (" + created.size() + " of them new)");
        }
        running = true;
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return StartupPhases.CONNECTIVITY;
    }
}
