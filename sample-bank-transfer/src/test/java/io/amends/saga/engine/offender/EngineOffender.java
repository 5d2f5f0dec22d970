package io.amends.saga.engine.offender;

import java.time.Clock;
import java.time.Instant;

/** Wrong on purpose, see ModuleArrowsTest: an engine that looks at a clock. */
class EngineOffender {

    Instant now(Clock clock) {
        return clock.instant();
    }
}
