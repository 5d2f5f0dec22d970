package io.amends.dashboard.access;

import io.amends.dashboard.audit.Operator;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who calls.
 *
 * @param name the name that the application knows them by, which the audit has
 * @param address the network address that they come from, null if it is not known
 * @param roles what they are in the console; none for somebody who may do nothing in it
 */
public record Caller(String name, @Nullable String address, Set<ConsoleRole> roles) {

    public Caller {
        roles = Set.copyOf(roles);
    }

    /** Whether they may do that. */
    public boolean may(ConsolePermission permission) {
        return roles.stream().anyMatch(role -> role.permissions().contains(permission));
    }

    /** All that they may do. */
    public Set<ConsolePermission> permissions() {
        Set<ConsolePermission> all = EnumSet.noneOf(ConsolePermission.class);
        roles.forEach(role -> all.addAll(role.permissions()));
        return all;
    }

    /** The same for the audit. */
    public Operator operator() {
        return new Operator(name, address);
    }
}
