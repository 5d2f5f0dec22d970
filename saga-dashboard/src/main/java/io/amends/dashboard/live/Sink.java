package io.amends.dashboard.live;

import java.io.IOException;
import java.util.UUID;

/** Where a listener's events are written. Called by one thread at a time; may take its time, and throws if it is gone. */
interface Sink {

    void counts(Seen.Counts counts) throws IOException;

    void saga(UUID id, long revision) throws IOException;

    /** Nothing, so that both sides see that the other is there. */
    void beat() throws IOException;

    /** There will be no more. */
    void end();
}
