package io.amends.dashboard.rest;

import io.amends.dashboard.database.BoundedReads;
import io.amends.runtime.sql.Arguments;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the search attribute that says how much money is at risk in a saga. Safe for use by many threads. */
public final class MoneyAtRisk {

    private final BoundedReads reads;
    private final @Nullable String attribute;

    /** @param attribute its name, null for none */
    public MoneyAtRisk(BoundedReads reads, @Nullable String attribute) {
        this.reads = reads;
        this.attribute = attribute;
    }

    /** What it says of those sagas; those that do not have it are left out. */
    Map<UUID, String> of(Collection<UUID> sagaIds) {
        if (attribute == null || sagaIds.isEmpty()) {
            return Map.of();
        }
        Map<UUID, String> found = new HashMap<>();
        reads.read(jdbc -> {
            jdbc.query(
                    "select saga_id, attributes ->> ? as money from saga_instance where saga_id = any(?::uuid[])",
                    new Arguments.Plain().value(attribute).array("uuid", List.copyOf(sagaIds), id -> id),
                    row -> {
                        String money = row.getString("money");
                        if (money != null) {
                            found.put(Objects.requireNonNull(row.getObject("saga_id", UUID.class)), money);
                        }
                    });
            return found;
        });
        return found;
    }
}
