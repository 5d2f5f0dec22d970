package io.amends.dashboard.tenants;

import io.amends.dashboard.database.BoundedReads;
import io.amends.runtime.sql.Arguments;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** Tells which sagas somebody sees. Safe for use by many threads. */
public final class SagaTenants {

    private final BoundedReads reads;

    /** Of that database. */
    public SagaTenants(BoundedReads reads) {
        this.reads = reads;
    }

    /** Whether that saga is theirs to see; of one that is not here, only who sees all is told so. */
    public boolean sees(TenantScope scope, UUID sagaId) {
        return scope.isAll() || !among(scope, List.of(sagaId)).isEmpty();
    }

    /** Which of those sagas are. */
    public Set<UUID> among(TenantScope scope, Collection<UUID> sagaIds) {
        if (scope.isAll() || sagaIds.isEmpty()) {
            return Set.copyOf(sagaIds);
        }
        Arguments.Plain arguments =
                scope.arguments(new Arguments.Plain().array("uuid", List.copyOf(sagaIds), Function.identity()));
        return reads.read(jdbc -> new HashSet<>(jdbc.query(
                "select i.saga_id from saga_instance i where i.saga_id = any(?::uuid[])" + scope.condition(),
                arguments,
                (row, number) -> Objects.requireNonNull(row.getObject("saga_id", UUID.class)))));
    }
}
