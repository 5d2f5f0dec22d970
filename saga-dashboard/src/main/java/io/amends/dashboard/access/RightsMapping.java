package io.amends.dashboard.access;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which permissions and verbs are for those with certain authorities of the application only. What is not named comes with a role.
 * Immutable.
 *
 * @param permissions authorities by what any of them allows; {@link ConsolePermission#VIEW} comes with every role and is not among them
 * @param verbs authorities by the name of the verb that any of them allows
 */
public record RightsMapping(Map<ConsolePermission, List<String>> permissions, Map<String, List<String>> verbs) {

    /** All that somebody may do comes with their roles. */
    public static final RightsMapping BY_ROLE = new RightsMapping(Map.of(), Map.of());

    public RightsMapping {
        if (permissions.containsKey(ConsolePermission.VIEW)) {
            throw new IllegalArgumentException("VIEW comes with every role, and can't be given by itself.");
        }
        permissions = Map.copyOf(permissions);
        verbs = Map.copyOf(verbs);
    }

    /**
     * What somebody with those roles and authorities may do: nothing without a role. The names must be the same to the letter. Who may
     * not unmask may not edit either: what is masked can be found out by trying what would change.
     */
    public Rights rights(Set<ConsoleRole> roles, Collection<String> authorities) {
        if (roles.isEmpty()) {
            return Rights.of(roles);
        }
        Set<ConsolePermission> all = EnumSet.noneOf(ConsolePermission.class);
        all.addAll(Rights.of(roles).permissions());
        permissions.forEach((permission, names) -> {
            if (Collections.disjoint(names, authorities)) {
                all.remove(permission);
            } else {
                all.add(permission);
            }
        });
        if (!all.contains(ConsolePermission.UNMASK)) {
            all.remove(ConsolePermission.EDIT);
        }
        Map<String, Boolean> named = new HashMap<>();
        verbs.forEach((verb, names) -> named.put(verb, !Collections.disjoint(names, authorities)));
        return new Rights(all, named);
    }
}
