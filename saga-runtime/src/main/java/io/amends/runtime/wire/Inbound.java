package io.amends.runtime.wire;

import java.time.Duration;

/** What feeds a {@link RecordProcessor} from one topic. Safe for use by many threads. */
public interface Inbound {

    /** The topic it reads. */
    String topic();

    /** Begins reading. */
    void start();

    /** Ends reading after the poll that is under way, waiting at most that long. */
    void stop(Duration limit);

    /** Whether it reads as it should; not if it was started and has given up. */
    boolean isWell();
}
