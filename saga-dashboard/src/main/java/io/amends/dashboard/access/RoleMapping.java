package io.amends.dashboard.access;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Which of the application's authorities make somebody what in the console. Immutable.
 *
 * @param viewer any of these makes a viewer
 * @param operator any of these makes an operator
 * @param admin any of these makes an administrator
 */
public record RoleMapping(List<String> viewer, List<String> operator, List<String> admin) {

    public RoleMapping {
        viewer = List.copyOf(viewer);
        operator = List.copyOf(operator);
        admin = List.copyOf(admin);
    }

    /** What somebody with those authorities is; the names must be the same to the letter. */
    public Set<ConsoleRole> roles(Collection<String> authorities) {
        Set<ConsoleRole> roles = EnumSet.noneOf(ConsoleRole.class);
        add(roles, ConsoleRole.VIEWER, viewer, authorities);
        add(roles, ConsoleRole.OPERATOR, operator, authorities);
        add(roles, ConsoleRole.ADMIN, admin, authorities);
        return roles;
    }

    private static void add(
            Set<ConsoleRole> roles, ConsoleRole role, List<String> names, Collection<String> authorities) {
        if (!Collections.disjoint(names, authorities)) {
            roles.add(role);
        }
    }
}
