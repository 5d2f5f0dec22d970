package io.amends.test.simulation;

import java.time.Duration;

/** Says what becomes of messages of one type on their way. Used by one thread. */
public final class MessageFate {

    private final MessageFates fates;
    private final String type;
    private final boolean once;

    MessageFate(MessageFates fates, String type, boolean once) {
        this.fates = fates;
        this.type = type;
        this.once = once;
    }

    /** It never arrives, as if its reader were down and its topic's retention over. */
    public void getsLost() {
        fates.add(new MessageFates.Rule(type, once, 0, Duration.ZERO));
    }

    /** It arrives twice. */
    public void arrivesTwice() {
        fates.add(new MessageFates.Rule(type, once, 2, Duration.ZERO));
    }

    /**
     * It arrives so much later; what is sent meanwhile overtakes it.
     *
     * @throws IllegalArgumentException if the time is not positive
     */
    public void arrivesLate(Duration by) {
        if (by.isZero() || by.isNegative()) {
            throw new IllegalArgumentException("A message is late by a positive time, not by " + by);
        }
        fates.add(new MessageFates.Rule(type, once, 1, by));
    }
}
