package io.amends.benchmarks.twopc.contender;

/** Who is compared. */
public enum Kind {
    /** The sample's money transfer, with the framework's default settings. */
    SAGA("saga", ""),

    /** {@code saga-twopc} with both databases in its hands. */
    TWO_PHASE("two-phase commit", ""),

    /** Narayana as it comes, with its store of files. */
    NARAYANA("Narayana", "narayana.store=files narayana.parallel=false narayana.recovery-backoff=10"),

    /** Narayana with the fastest settings that were found, all of them safe. */
    NARAYANA_TUNED("Narayana, tuned", "narayana.store=journal narayana.parallel=false narayana.recovery-backoff=1");

    private final String text;
    private final String settings;

    Kind(String text, String settings) {
        this.text = text;
        this.settings = settings;
    }

    /** For people. */
    public String text() {
        return text;
    }

    /** Its settings, each as {@code name=value}, separated by spaces. */
    public String settings() {
        return settings;
    }

    /** Whether Narayana is at work. */
    public boolean isNarayana() {
        return this == NARAYANA || this == NARAYANA_TUNED;
    }
}
