package io.amends.spring.boot.autoconfigure.retention;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;

/** Tells how long topics keep their records. */
@FunctionalInterface
interface KeptTopics {

    /** Of those that can be asked. */
    Map<String, Duration> ask(Collection<String> topics);
}
