package io.amends.runtime.store;

/** Where participants keep what they keep. Safe for use by many threads. */
public interface ParticipantStore {

    /** The inbox and barrier of that participant. */
    Barrier barrier(String participant);

    /** The commands of that participant that are to be delivered again. */
    Redeliveries redeliveries(String participant);

    /** The commands of all participants that are answered later. */
    OpenReplies openReplies();
}
