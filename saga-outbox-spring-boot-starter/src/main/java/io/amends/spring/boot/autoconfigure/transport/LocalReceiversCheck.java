package io.amends.spring.boot.autoconfigure.transport;

import io.amends.outbox.relay.LocalReceivers;
import io.amends.spring.boot.autoconfigure.StartupPhases;
import io.amends.spring.boot.autoconfigure.StartupTask;
import io.amends.spring.boot.autoconfigure.kafka.NeededTopics;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Before anything runs: the receivers are in their places, and all that is known to be sent has one if it is handed over here. */
public final class LocalReceiversCheck extends StartupTask {

    private static final Logger log = LoggerFactory.getLogger(LocalReceiversCheck.class);

    private final LocalReceivers receivers;
    private final List<LocalRoutes> routes;
    private final List<NeededTopics> needed;
    private final boolean handsOver;
    private boolean added;

    /**
     * Those receivers are filled from those routes, and must then take all that is needed.
     *
     * @param handsOver whether this process has lanes; otherwise others hand over what is sent here, and have the receivers
     */
    public LocalReceiversCheck(
            LocalReceivers receivers,
            Collection<LocalRoutes> routes,
            Collection<NeededTopics> needed,
            boolean handsOver) {
        super(StartupPhases.CONNECTIVITY);
        this.receivers = receivers;
        this.routes = List.copyOf(routes);
        this.needed = List.copyOf(needed);
        this.handsOver = handsOver;
    }

    @Override
    protected void run() {
        if (!added) {
            added = true;
            routes.forEach(route -> route.addTo(receivers));
        }
        if (!handsOver) {
            log.info(
                    "Without Kafka (saga.transport=postgresql): all messages are left to other processes of this application (saga.relay.enabled=false)");
            return;
        }
        SortedSet<String> missing = new TreeSet<>();
        needed.forEach(part -> missing.addAll(part.names()));
        Set<String> taken = receivers.topics();
        missing.removeAll(taken);
        if (!missing.isEmpty()) {
            throw new MissingReceiversException(missing);
        }
        log.info(
                "Without Kafka (saga.transport=postgresql): this application takes {}",
                taken.isEmpty() ? "no messages" : String.join(", ", new TreeSet<>(taken)));
    }
}
