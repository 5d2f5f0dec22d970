package io.amends.outbox.relay;

import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;

/** Says once that something is wrong and once that it is over, however many lanes meet it. Safe for use by many threads. */
final class Trouble {

    private final Logger log;
    private final Set<Object> troubled = new HashSet<>();

    Trouble(Logger log) {
        this.log = log;
    }

    /** That one can't go on now. */
    synchronized void met(Object who, Throwable cause) {
        if (troubled.isEmpty()) {
            if (cause instanceof Error || isUnexpected(cause)) {
                log.error("The relay met what it does not expect", cause);
            }
            log.warn("The relay waits and tries again: {}: {}", cause.getClass().getSimpleName(), cause.getMessage());
        }
        troubled.add(who);
    }

    private static boolean isUnexpected(Throwable cause) {
        return cause instanceof RuntimeException && !(cause instanceof KafkaException);
    }

    /** That one goes on, or is gone. */
    synchronized void over(Object who) {
        if (troubled.remove(who) && troubled.isEmpty()) {
            log.info("The relay resumed");
        }
    }

    synchronized boolean isMetBy(Object who) {
        return troubled.contains(who);
    }
}
