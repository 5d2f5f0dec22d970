package io.amends.dashboard.alerts;

import io.amends.outbox.failure.ErrorText;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Lets one process at a time note alerts, and tells them after the commit. All watches share one lock: the alerts of one
 * request to a webhook are those from a first number to a last, and nobody else may take a number between. Safe for use by
 * many threads.
 *
 * @param <A> what it is about
 */
final class AlertBook<A extends Alert> {

    private static final Logger log = LoggerFactory.getLogger(AlertBook.class);

    private static final String LOCK = "select pg_try_advisory_xact_lock(hashtextextended('saga_console_stuck', 0))";

    private final JdbcOperations jdbc;
    private final TransactionTemplate transaction;
    private final Duration limit;
    private final DeliveryTable deliveries;
    private final boolean delivers;
    private final Consumer<? super A> heard;

    /**
     * @param limit how long one statement may take
     * @param delivers whether a webhook is to be told; the same in all processes
     * @param heard is told each alert after its commit
     */
    AlertBook(
            JdbcOperations jdbc,
            PlatformTransactionManager transactions,
            Duration limit,
            boolean delivers,
            Consumer<? super A> heard) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        this.limit = limit;
        this.deliveries = new DeliveryTable(jdbc);
        this.delivers = delivers;
        this.heard = heard;
    }

    /**
     * What a look found.
     *
     * @param alerts the alerts that were noted
     * @param isMore whether there may be more
     */
    record Noted<A>(List<A> alerts, boolean isMore) {}

    /** Has that look and note, unless another process is at it; whether there is more to note at once. */
    boolean note(Supplier<Noted<A>> look) {
        Noted<A> noted = transaction.execute(status -> inTransaction(look));
        if (noted == null) {
            return false;
        }
        noted.alerts().forEach(this::tell);
        return noted.isMore();
    }

    private Noted<A> inTransaction(Supplier<Noted<A>> look) {
        if (!Boolean.TRUE.equals(jdbc.queryForObject(LOCK, Boolean.class))) {
            return new Noted<>(List.of(), false);
        }
        String millis = limit.toMillis() + "ms";
        jdbc.query("""
                select set_config('statement_timeout', ?, true), set_config('lock_timeout', ?, true), set_config('jit', 'off', true),
                       set_config('idle_in_transaction_session_timeout', ?, true)""", row -> {}, millis, millis, millis);
        Noted<A> noted = look.get();
        if (delivers && !noted.alerts().isEmpty()) {
            deliveries.add(noted.alerts().stream().map(Alert::id).toList());
        }
        return noted;
    }

    private void tell(A alert) {
        try {
            heard.accept(alert);
        } catch (RuntimeException thrown) {
            log.warn("A listener threw at alert {}, which is noted nevertheless: {}", alert.id(), ErrorText.of(thrown));
        }
    }
}
