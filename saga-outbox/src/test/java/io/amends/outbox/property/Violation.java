package io.amends.outbox.property;

/**
 * How a key's records differ from what was committed.
 *
 * @param kind what is wrong
 * @param key of which key
 * @param what expected and actual sequence
 * @param from when it began, at the earliest, in milliseconds of this machine's clock
 * @param to when it was there, at the latest
 */
record Violation(Kind kind, String key, String what, long from, long to) {

    enum Kind {
        /** A committed message is neither on the topic nor visible as parked. */
        LOST,
        /** The topic has a message that was rolled back, or that nobody wrote. */
        INVENTED,
        /** A message came before one that committed earlier. */
        OUT_OF_ORDER,
        /** A message came though an earlier one of its key was refused and waits. */
        OVERTOOK_A_REFUSED,
        /** A key waits though Kafka takes all of it. */
        PARKED_FOR_NOTHING
    }

    @Override
    public String toString() {
        return kind + " key " + key + ": " + what;
    }
}
