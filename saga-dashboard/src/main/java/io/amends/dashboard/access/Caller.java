package io.amends.dashboard.access;

import io.amends.dashboard.audit.Operator;
import io.amends.dashboard.tenants.TenantScope;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who calls.
 *
 * @param name the name that the application knows them by, which the audit has
 * @param address the network address that they come from, null if it is not known
 * @param roles what they are in the console; none for somebody who may do nothing in it
 * @param rights what they may do; nothing without a role
 * @param scope whose sagas they see and act on
 */
public record Caller(String name, @Nullable String address, Set<ConsoleRole> roles, Rights rights, TenantScope scope) {

    public Caller {
        roles = Set.copyOf(roles);
    }

    /** Somebody who may do what comes with their roles. */
    public Caller(String name, @Nullable String address, Set<ConsoleRole> roles, TenantScope scope) {
        this(name, address, roles, Rights.of(roles), scope);
    }

    /** Whether they may do that. */
    public boolean may(ConsolePermission permission) {
        return permissions().contains(permission);
    }

    /** Whether they may order that verb. Who sees some tenants only orders nothing that could make a saga another tenant's. */
    public boolean mayOrder(String verb) {
        return rights.mayOrder(verb) && keepsTenant(verb);
    }

    /** Whether that verb leaves sagas where they see them, whoever orders it. */
    public boolean keepsTenant(String verb) {
        return scope.isAll() || ConsolePermission.keepsTenant(verb);
    }

    /** All that they may do. Other data could make a saga another tenant's, so that who sees some tenants only edits none. */
    public Set<ConsolePermission> permissions() {
        Set<ConsolePermission> all = EnumSet.noneOf(ConsolePermission.class);
        all.addAll(rights.permissions());
        if (!scope.isAll()) {
            all.remove(ConsolePermission.EDIT);
        }
        return all;
    }

    /** The same for the audit. */
    public Operator operator() {
        return new Operator(name, address);
    }
}
