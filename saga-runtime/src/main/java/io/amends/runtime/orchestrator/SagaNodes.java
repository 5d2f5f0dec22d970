package io.amends.runtime.orchestrator;

import io.amends.outbox.failure.ErrorText;
import io.amends.runtime.sql.Arguments;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Tells in {@code saga_node} that this process moves sagas on, and which versions it has, so that others can tell a version
 * that nobody has from one that is only slow. Nothing else hangs on it. Safe for use by many threads.
 */
public final class SagaNodes {

    private static final Logger log = LoggerFactory.getLogger(SagaNodes.class);

    /** How often a sign of life is given. */
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    /** So many signs may be missed. */
    private static final int SIGNS = 3;

    private final JdbcOperations jdbc;
    private final TransactionTemplate transaction;
    private final SagaRegistry registry;
    private final String node;
    private @Nullable Thread thread;
    private @Nullable CountDownLatch ending;
    private boolean away;

    /**
     * @param jdbc the orchestrator's database
     * @param transactions its transactions
     * @param registry what this process has
     * @param node a name that no other process has, also not this one after a restart
     */
    public SagaNodes(JdbcOperations jdbc, PlatformTransactionManager transactions, SagaRegistry registry, String node) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.registry = registry;
        this.node = node;
    }

    /** Begins giving signs of life, on a thread of its own; the first at once. */
    public synchronized void start() {
        if (thread == null) {
            CountDownLatch end = new CountDownLatch(1);
            Thread made = new Thread(() -> run(end), "saga-node");
            ending = end;
            thread = made;
            made.start();
        }
    }

    /** Ends it, waiting at most that long, and says that this process is gone. */
    public synchronized void stop(Duration limit) {
        Thread running = thread;
        if (running == null || ending == null) {
            return;
        }
        ending.countDown();
        try {
            running.join(Math.max(1, limit.toMillis()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (running.isAlive()) {
            log.warn("The signs of life did not end within {}", limit);
            running.interrupt();
        }
        thread = null;
    }

    private void run(CountDownLatch end) {
        try {
            do {
                safely(this::sign);
            } while (!end.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
            if (!away) {
                // Otherwise the end would wait for a database that is not there, and the signs end by themselves.
                safely(this::leave);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void safely(Runnable work) {
        try {
            work.run();
            if (away) {
                away = false;
                log.info("The signs of life resumed");
            }
        } catch (RuntimeException thrown) {
            // The next one tries again; saying so once is enough.
            if (!away) {
                away = true;
                log.warn("The signs of life wait for the database: {}", ErrorText.of(thrown));
            }
        }
    }

    /** Gives one sign of life; for tests and tools that do not want to wait. */
    public void sign() {
        List<SagaDefinition> all = registry.all();
        transaction.executeWithoutResult(status -> {
            jdbc.update("""
                    insert into saga_node (node, alive_until) values (?, clock_timestamp() + ? * interval '1 millisecond')
                    on conflict (node) do update set alive_until = excluded.alive_until
                    """, node, INTERVAL.toMillis() * SIGNS);
            jdbc.update(
                    """
                    insert into saga_node_definition (node, saga_name, saga_version)
                    select ?, d.* from unnest(?::text[], ?::int[]) d
                    on conflict do nothing""",
                    new Arguments.Plain()
                            .value(node)
                            .array("text", all, SagaDefinition::name)
                            .array("int", all, SagaDefinition::version));
            jdbc.update("delete from saga_node where alive_until < clock_timestamp() - interval '7 days'");
        });
    }

    /** Says that this process is gone. */
    public void leave() {
        transaction.executeWithoutResult(status -> jdbc.update(
                "update saga_node set alive_until = clock_timestamp() where node = ? and alive_until > clock_timestamp()",
                node));
    }
}
