package io.amends.twopc;

import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;

/** Says once that something is wrong and once that it is over, however often it is met. Safe for use by many threads. */
final class Trouble {

    /** What somebody else has mended is not taken out; rather say something again than remember all. */
    private static final int MOST = 1000;

    private final Logger log;
    private final Set<String> troubled = new HashSet<>();

    Trouble(Logger log) {
        this.log = log;
    }

    synchronized void met(String what, Throwable cause) {
        if (troubled.size() >= MOST) {
            troubled.clear();
        }
        if (troubled.add(what)) {
            log.warn("Recovery can't go on with {} now, and tries again: {}", what, cause.getMessage());
            log.debug("What kept recovery from going on with {}", what, cause);
        }
    }

    synchronized void over(String what) {
        if (troubled.remove(what)) {
            log.info("Recovery goes on with {}", what);
        }
    }
}
