package io.amends.spring.boot.autoconfigure.observability;

import io.amends.runtime.observation.SagaFigures;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How many sagas are stuck, by reason code. Safe for use by many threads. */
interface StuckNumbers {

    /** All codes that there can be. */
    List<String> reasons();

    /**
     * Those that some are stuck for.
     *
     * @param figures of the same database, read just before
     * @throws org.springframework.dao.DataAccessException if the database does not tell in time
     */
    Map<String, Line> read(SagaFigures figures);

    /**
     * Sagas that are stuck for one reason.
     *
     * @param number how many
     * @param since how long the first of them has been
     */
    record Line(long number, Duration since) {

        Line and(Line other) {
            return new Line(number + other.number, since.compareTo(other.since) < 0 ? other.since : since);
        }
    }
}
