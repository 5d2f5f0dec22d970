package io.amends.dashboard;

import io.amends.dashboard.Deliveries.Collected;
import io.amends.dashboard.Deliveries.Parcel;
import io.amends.dashboard.audit.AuditLine;
import io.amends.dashboard.audit.AuditLog;
import io.amends.dashboard.audit.AuditQuery;
import io.amends.dashboard.audit.AuditTrail;
import io.amends.dashboard.audit.Operator;
import io.amends.dashboard.verbs.ConsoleVerb;
import io.amends.dashboard.verbs.ConsoleVerbs;
import io.amends.dashboard.verbs.Foresight;
import io.amends.dashboard.verbs.Outcomes;
import io.amends.dashboard.verbs.VerbOrder;
import io.amends.runtime.SagaOperations;
import io.amends.runtime.orchestrator.JdbcSagaStore;
import io.amends.runtime.orchestrator.Orchestration;
import io.amends.runtime.wire.JacksonPayloadCodec;
import io.amends.saga.Reply;
import io.amends.saga.SagaKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The parcel service's operators: a depot with the console's tables, and what they work with. */
public final class Office implements AutoCloseable {

    public static final Operator ANN = new Operator("ann", "192.0.2.7");
    public static final Operator BOB = new Operator("bob", null);

    public final Depot depot = Depot.withConsole();
    public final JdbcTemplate jdbc = depot.jdbc;
    public final JdbcTransactionManager transactions = new JdbcTransactionManager(depot.pool());
    public final Orchestration orchestration = depot.orchestration();
    public final JacksonPayloadCodec codec = new JacksonPayloadCodec();
    public final List<AuditLine> heard = new CopyOnWriteArrayList<>();
    public final AuditLog log = new AuditLog(jdbc, heard::add);
    public final AuditTrail trail = new AuditTrail(depot.reads());
    public final Outcomes outcomes = new Outcomes(jdbc, transactions);
    public final Foresight foresight = new Foresight(depot.registry, new JdbcSagaStore(jdbc), codec);
    public final ConsoleVerbs verbs = verbs(orchestration.operations(), Set.of());

    /** Verbs of which some need a second person. */
    public ConsoleVerbs verbs(SagaOperations operations, Set<String> fourEyes) {
        return new ConsoleVerbs(operations, depot.registry, codec, jdbc, transactions, log, fourEyes);
    }

    public TransactionTemplate transaction() {
        return new TransactionTemplate(transactions);
    }

    /** Empties the tables of sagas; what was noted stays, since nobody can delete it. */
    public void clear() {
        jdbc.execute("""
                truncate saga_outbox, saga_parked, saga_parked_key, saga_instance, saga_step, saga_history,
                         saga_console_unsettled, saga_console_group, saga_console_view, saga_bulk_run, saga_bulk_item""");
        heard.clear();
    }

    public UUID start(String key) {
        return orchestration
                .sagas()
                .start("delivery", Parcel.of(key), SagaKey.of(key))
                .sagaId();
    }

    /** One that is stuck at its first step, because its own code threw at the answer. */
    public UUID stuck(String key) {
        UUID id = start(key);
        answer(new Collected("unknown van"));
        return id;
    }

    /** Answers the last command that was sent. */
    public void answer(Reply reply) {
        orchestration.replies().process(List.of(depot.reply(depot.takeLast(), reply)));
    }

    public long revision(UUID id) {
        Long revision = jdbc.queryForObject("select row_version from saga_instance where saga_id = ?", Long.class, id);
        return revision == null ? 0 : revision;
    }

    public String phase(UUID id) {
        return String.valueOf(
                jdbc.queryForObject("select phase from saga_instance where saga_id = ?", String.class, id));
    }

    /** An order of what is seen now. */
    public VerbOrder order(UUID id, ConsoleVerb verb) {
        return new VerbOrder(id, verb, ANN, "the customer called", revision(id), null);
    }

    /** The lines about a saga, the latest first. */
    public List<AuditLine> lines(UUID id) {
        return trail.page(AuditQuery.ALL.saga(id), null, 100).lines();
    }

    public Map<String, Object> row(String sql, Object... arguments) {
        return jdbc.queryForMap(sql, arguments);
    }

    public long number(String sql, Object... arguments) {
        Long number = jdbc.queryForObject(sql, Long.class, arguments);
        return number == null ? 0 : number;
    }

    @Override
    public void close() {
        depot.close();
    }
}
