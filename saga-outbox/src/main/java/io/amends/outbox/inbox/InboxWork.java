package io.amends.outbox.inbox;

/** A consumer that takes each message once, wherever its messages come from. Safe for use by many threads. */
public interface InboxWork {

    /** Its name. */
    String name();

    /** What it has done so far in this process. */
    InboxStats stats();

    /** Tries again what is set aside. */
    ParkedRetries retries();
}
