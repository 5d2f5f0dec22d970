package io.amends.runtime.orchestrator;

import io.amends.runtime.rounds.Rounds;
import io.amends.runtime.rounds.Rounds.Work;
import io.amends.runtime.sql.Arguments;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import java.time.Duration;
import java.util.List;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Tells in {@code saga_node} that this process moves sagas on, and which versions it has, so that others can tell a version
 * that nobody has from one that is only slow. Nothing else hangs on it. Safe for use by many threads.
 */
public final class SagaNodes {

    /** How often a sign of life is given. */
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    /** So many signs may be missed. */
    private static final int SIGNS = 3;

    private final JdbcOperations jdbc;
    private final TransactionTemplate transaction;
    private final SagaRegistry registry;
    private final String node;
    // Nobody says goodbye to a database that is not there: the signs end by themselves.
    private final Rounds signs =
            new Rounds("saga-node", "This process's sign of life", Work.of(this::sign), this::leave);

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
    public void start() {
        signs.start(INTERVAL);
    }

    /** Ends it, waiting at most that long, and says that this process is gone, unless the database is away. */
    public void stop(Duration limit) {
        signs.stop(limit);
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
