package io.amends.spring.boot.autoconfigure.diagnostics;

import io.amends.spring.boot.autoconfigure.outbox.PoolTooSmallException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says what a connection pool needs, and where its size is set. */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class PoolTooSmallFailureAnalyzer extends AbstractFailureAnalyzer<PoolTooSmallException> {

    @Override
    protected FailureAnalysis analyze(Throwable failure, PoolTooSmallException small) {
        return new FailureAnalysis(
                String.valueOf(small.getMessage()),
                "Set its size, spring.datasource.hikari.maximum-pool-size, to %d or more (HikariCP's own 10 are enough for one participant and few requests)."
                        .formatted(small.needed()),
                failure);
    }
}
