package io.amends.benchmarks;

/** How transfers are carried out. */
enum Way {
    /** Sagas, with the framework's default settings. */
    SAGA("saga", ""),

    /** Sagas, with a transaction for each message that is received; the relay still sends in chunks. */
    SAGA_ONE_BY_ONE(
            "saga, one transaction per message",
            "saga.participant.max-poll-records=1 saga.orchestrator.max-poll-records=1"),

    /** Sagas, with every batch of the framework limited to one message, the relay's too. */
    SAGA_NO_BATCHES(
            "saga, one transaction per message, relay one by one too",
            SAGA_ONE_BY_ONE.settings + " saga.relay.chunk-size=1"),

    /** Two local transactions without a saga, which a crash can tear apart. */
    PLAIN("plain pair (unsafe)", "");

    private final String text;
    private final String settings;

    Way(String text, String settings) {
        this.text = text;
        this.settings = settings;
    }

    /** For people. */
    String text() {
        return text;
    }

    /** Settings of all roles, each as {@code name=value}, separated by spaces. */
    String settings() {
        return settings;
    }
}
