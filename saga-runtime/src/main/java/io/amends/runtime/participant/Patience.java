package io.amends.runtime.participant;

import java.time.Duration;

/**
 * How long the commands of one poll wait for rows that others have locked. Until the first wait in vain each has the full
 * limit; from then on they wait briefly, so that many commands for one locked row do not add up. Not safe for use by many
 * threads.
 */
final class Patience {

    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration SHORTEST = Duration.ofMillis(10);

    /** After so many waits in vain a poll asks little more than whether the row is free. */
    private static final int SHORT_WAITS = 10;

    private final Duration full;
    private int inVain;

    /** With that limit; none if zero. */
    Patience(Duration full) {
        this.full = full;
    }

    /** For the next transaction; no limit if zero. */
    Duration limit() {
        return inVain == 0 ? full : shortLimit();
    }

    /** For the next transaction, if its command is known to wait for a row. */
    Duration shortLimit() {
        Duration brief = inVain <= SHORT_WAITS ? SHORT : SHORTEST;
        return full.compareTo(brief) < 0 ? full : brief;
    }

    /** A command ran into its limit alone. */
    void waitedInVain() {
        inVain++;
    }
}
