package io.amends.dashboard.access;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * What somebody may do in the console, whoever's sagas they see. Immutable; equal for those who may do the same.
 *
 * @param permissions what they may do
 * @param named verbs that have authorities of their own, and whether they have one of them; all others need a permission
 */
public record Rights(Set<ConsolePermission> permissions, Map<String, Boolean> named) {

    public Rights {
        permissions = Set.copyOf(permissions);
        named = Map.copyOf(named);
    }

    /** What comes with roles alone. */
    public static Rights of(Set<ConsoleRole> roles) {
        Set<ConsolePermission> all = EnumSet.noneOf(ConsolePermission.class);
        roles.forEach(role -> all.addAll(role.permissions()));
        return new Rights(all, Map.of());
    }

    /** Whether they may do that. */
    public boolean may(ConsolePermission permission) {
        return permissions.contains(permission);
    }

    /** Whether they may order that verb. Who orders nothing at all does not order one that they have the authority for either. */
    public boolean mayOrder(String verb) {
        return may(ConsolePermission.OPERATE) && named.getOrDefault(verb, may(ConsolePermission.ofVerb(verb)));
    }
}
