package io.amends.spring.boot.autoconfigure.kafka;

import io.amends.spring.boot.autoconfigure.StartupPhases;
import io.amends.spring.boot.autoconfigure.StartupTask;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Before anything runs: Kafka answers, and the topics are there. */
final class ConnectivityCheck extends StartupTask {

    private static final Logger log = LoggerFactory.getLogger(ConnectivityCheck.class);

    private final KafkaTopics kafka;
    private final List<NeededTopics> needed;

    ConnectivityCheck(KafkaTopics kafka, List<NeededTopics> needed) {
        super(StartupPhases.CONNECTIVITY);
        this.kafka = kafka;
        this.needed = List.copyOf(needed);
    }

    @Override
    protected void run() {
        SortedSet<String> names = new TreeSet<>();
        needed.forEach(part -> names.addAll(part.names()));
        List<String> created = kafka.ensure(names);
        if (!names.isEmpty()) {
            log.info(
                    "Topics: {}{}",
                    String.join(", ", names),
                    created.isEmpty() ? "" : " (" + created.size() + " of them new)");
        }
    }
}
