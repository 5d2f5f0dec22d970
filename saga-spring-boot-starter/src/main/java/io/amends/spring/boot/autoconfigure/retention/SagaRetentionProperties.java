package io.amends.spring.boot.autoconfigure.retention;

import io.amends.runtime.retention.RetentionSettings;
import io.amends.spring.boot.autoconfigure.InvalidSagaPropertiesException;
import io.amends.spring.boot.autoconfigure.PropertyProblems;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * For how long what sagas leave behind is kept. Immutable; values that can't work are refused all at once, see
 * {@link InvalidSagaPropertiesException}.
 *
 * @param sagas How long ended sagas are kept after their last change, with their steps and history; zero for ever. Their
 *     business keys are free again afterwards. What has not ended is never removed.
 * @param barrier How long participants remember the commands of a saga after its youngest one; zero for ever. Must be longer
 *     than any saga of any service may take, and than topics keep commands: what is forgotten is carried out again, and a
 *     compensation of it undoes nothing.
 * @param interval How often old rows are looked for.
 * @param batchSize Most rows that one transaction looks at.
 */
@ConfigurationProperties("saga.retention")
public record SagaRetentionProperties(
        @DefaultValue("90d") Duration sagas,
        @DefaultValue("180d") Duration barrier,
        @DefaultValue("10m") Duration interval,
        @DefaultValue("500") int batchSize) {

    /**
     * Checks the values together.
     *
     * @throws InvalidSagaPropertiesException if any can't work; it lists all of them
     */
    public SagaRetentionProperties {
        PropertyProblems problems = new PropertyProblems();
        problems.notNegative("saga.retention.sagas", sagas);
        problems.notNegative("saga.retention.barrier", barrier);
        problems.atLeast("saga.retention.interval", interval, Duration.ofMillis(10));
        problems.within("saga.retention.batch-size", batchSize, 1, 10_000);
        problems.throwIfAny();
    }

    RetentionSettings settings() {
        return new RetentionSettings(orForEver(sagas), orForEver(barrier), batchSize);
    }

    static @Nullable Duration orForEver(Duration kept) {
        return kept.isZero() ? null : kept;
    }
}
