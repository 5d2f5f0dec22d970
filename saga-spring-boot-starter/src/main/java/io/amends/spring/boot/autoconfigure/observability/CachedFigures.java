package io.amends.spring.boot.autoconfigure.observability;

import io.amends.outbox.failure.ErrorText;
import io.amends.runtime.flow.ParticipantFlow;
import io.amends.runtime.flow.SagaFlow;
import io.amends.runtime.observation.FiguresReader;
import io.amends.runtime.observation.SagaFigures;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** The database's figures, asked at most once in ten seconds, whoever wants them. Safe for use by many threads. */
final class CachedFigures {

    private static final Logger log = LoggerFactory.getLogger(CachedFigures.class);
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final FiguresReader reader;
    private final SagaFlow flow;
    private final StuckNumbers stuck;
    private final LongSupplier clock;
    private @Nullable Now now;
    private long asked;
    private boolean known;

    /** @param clock monotonic nanoseconds */
    CachedFigures(FiguresReader reader, SagaFlow flow, StuckNumbers stuck, LongSupplier clock) {
        this.reader = reader;
        this.flow = flow;
        this.stuck = stuck;
        this.clock = clock;
    }

    /** How it stood when the database was asked. */
    record Now(SagaFigures sagas, Map<String, StuckNumbers.Line> stuck, List<ParticipantFlow> participants) {}

    /** The codes that a saga can be stuck for. */
    List<String> reasons() {
        return stuck.reasons();
    }

    /** Null while the database does not tell. */
    synchronized @Nullable Now now() {
        if (known && clock.getAsLong() - asked < FRESH_NANOS) {
            return now;
        }
        try {
            SagaFigures sagas = reader.read();
            now = new Now(sagas, stuck.read(sagas), flow.participants());
        } catch (DataAccessException | TransactionException away) {
            log.debug("The sagas' figures are not known: {}", ErrorText.of(away));
            now = null;
        }
        known = true;
        asked = clock.getAsLong();
        return now;
    }
}
