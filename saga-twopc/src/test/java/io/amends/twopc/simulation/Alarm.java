package io.amends.twopc.simulation;

/** What a process waits for no longer once an alarm rings. */
enum Alarm {
    NO_WORK("was never asked to prepare"),
    VOTES_LATE("waits no longer for votes"),
    LOOK("looks for branches in doubt"),
    ACKNOWLEDGEMENTS_LATE("waits no longer for acknowledgements"),
    IN_DOUBT_TOO_LONG("does not wait for the decision any longer"),
    TURN("has heard of no decision and acts as backup coordinator"),
    ASK_AGAIN("asks what was decided");

    private final String words;

    Alarm(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
