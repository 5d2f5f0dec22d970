package io.amends.runtime.flow;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.transaction.support.TransactionTemplate;

/** Operators' orders, each in one transaction with its audit row. Safe for use by many threads. */
final class FlowOperations implements SagaFlow {

    private final FlowTables tables;
    private final TransactionTemplate transaction;
    private final FlowSettings configured;

    FlowOperations(FlowTables tables, TransactionTemplate transaction, FlowSettings configured) {
        this.tables = tables;
        this.transaction = transaction;
        this.configured = configured;
    }

    @Override
    public List<ParticipantFlow> participants() {
        return transaction.execute(status -> tables.participants());
    }

    @Override
    public void hold(String participant, Order order) {
        transaction.executeWithoutResult(status -> {
            tables.lock(List.of(participant));
            tables.hold(participant, order);
            tables.audit("HoldParticipant", participant, order);
        });
    }

    @Override
    public void release(String participant, Order order) {
        transaction.executeWithoutResult(status -> {
            tables.lock(List.of(participant));
            tables.release(participant);
            tables.audit("ReleaseParticipant", participant, order);
        });
    }

    @Override
    public FlowSettings settings() {
        return transaction.execute(status -> Overrides.apply(configured, tables.settings()));
    }

    @Override
    public void set(String name, String value, Order order) {
        transaction.executeWithoutResult(status -> {
            Map<String, String> all = new HashMap<>(tables.settings());
            all.put(name, value);
            Overrides.apply(configured, all);
            tables.set(name, value, order);
            tables.audit("SetFlow", "%s=%s".formatted(name, value), order);
        });
    }

    @Override
    public void reset(String name, Order order) {
        transaction.executeWithoutResult(status -> {
            tables.reset(name);
            tables.audit("ResetFlow", name, order);
        });
    }
}
