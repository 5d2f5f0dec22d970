package io.amends.dashboard.tenants;

import io.amends.runtime.sql.Arguments;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Whose sagas somebody sees and acts on: those of all tenants, or those whose search attribute says one of some. A saga that
 * has no such attribute is of no tenant. Immutable.
 */
public final class TenantScope {

    /** How many tenants one person can have, unless they have all. */
    public static final int MOST = 40;

    /** Everything, also what is of no tenant. */
    public static final TenantScope ALL = new TenantScope(null, List.of());

    private final @Nullable String attribute;
    private final List<String> tenants;

    private TenantScope(@Nullable String attribute, List<String> tenants) {
        this.attribute = attribute;
        this.tenants = tenants;
    }

    /**
     * The sagas of those tenants; of none, no saga.
     *
     * @param attribute the search attribute that holds a saga's tenant
     */
    public static TenantScope of(String attribute, Collection<String> tenants) {
        return new TenantScope(attribute, tenants.stream().distinct().sorted().toList());
    }

    /** Whether nothing is kept from them. */
    public boolean isAll() {
        return attribute == null;
    }

    /** The search attribute that holds a saga's tenant, null where nobody asks for it. */
    public @Nullable String attribute() {
        return attribute;
    }

    /** The tenants, sorted; empty for all of them too. */
    public List<String> tenants() {
        return tenants;
    }

    /** What a statement says of an instance {@code i}, to follow other conditions; its arguments are {@link #arguments}. */
    public String condition() {
        return isAll() ? "" : " and i.attributes ->> ?::text = any(?::text[])";
    }

    /** Adds what the condition needs. */
    public Arguments.Plain arguments(Arguments.Plain to) {
        return isAll() ? to : to.value(attribute).array("text", tenants, Function.identity());
    }

    @Override
    public String toString() {
        return isAll() ? "all tenants" : "tenants " + tenants;
    }
}
