package io.amends.spring.boot.autoconfigure.diagnostics;

import io.amends.outbox.NoTransactionException;
import java.util.Arrays;
import java.util.List;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says who appended at the start without a transaction, and where one can be had that early. */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class NoTransactionFailureAnalyzer extends AbstractFailureAnalyzer<NoTransactionException> {

    /** Between the application's method and the refusal. */
    private static final List<String> BETWEEN =
            List.of("io.amends.outbox.", "org.springframework.", "java.", "jdk.", "sun.");

    @Override
    protected FailureAnalysis analyze(Throwable failure, NoTransactionException refusal) {
        String caller = Arrays.stream(refusal.getStackTrace())
                .filter(frame -> BETWEEN.stream().noneMatch(frame.getClassName()::startsWith))
                .findFirst()
                .map("%n%nThat was in %s, while the application starts."::formatted)
                .orElse("");
        return new FailureAnalysis(
                refusal.getMessage() + caller,
                "While the application starts, @Transactional works on an ApplicationRunner and on what it calls of other"
                        + " beans. It has no effect on a constructor, on a @PostConstruct method and where an object calls"
                        + " its own method: use a TransactionTemplate there.",
                failure);
    }
}
