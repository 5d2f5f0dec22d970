package io.amends.outbox.relay;

import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;

/** Says once that something is wrong and once that it is over, however many lanes meet it. Safe for use by many threads. */
final class Trouble {

    private final Logger log;
    private final Set<Object> troubled = new HashSet<>();

    Trouble(Logger log) {
        this.log = log;
    }

    /**
     * That one can't go on now.
     *
     * @param foreseen whether it is of the kind that comes and passes, as trouble with the database is anyway; its place in
     *     the code then tells nobody anything
     */
    synchronized void met(Object who, Throwable cause, boolean foreseen) {
        if (troubled.isEmpty()) {
            if (!foreseen && !(cause instanceof SQLException)) {
                log.error("The relay met what it does not expect", cause);
            }
            log.warn("The relay waits and tries again: {}: {}", cause.getClass().getSimpleName(), cause.getMessage());
        }
        troubled.add(who);
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
