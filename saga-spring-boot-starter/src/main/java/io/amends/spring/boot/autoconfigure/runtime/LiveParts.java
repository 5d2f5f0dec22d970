package io.amends.spring.boot.autoconfigure.runtime;

import java.util.List;

/** What has to run in this process while it is to be of any use. Safe for use by many threads. */
public interface LiveParts {

    /** Whether they were started and are not asked to stop. */
    boolean isRunning();

    /** The names of those that should run: topics that are read, and {@code timers}. */
    List<String> all();

    /** Those of them that have ended by themselves, such as a consumer that Kafka denied access. */
    List<String> dead();
}
