package io.amends.dashboard.access;

import static io.amends.dashboard.access.ConsolePermission.APPROVE;
import static io.amends.dashboard.access.ConsolePermission.BULK;
import static io.amends.dashboard.access.ConsolePermission.EXPORT_AUDIT;
import static io.amends.dashboard.access.ConsolePermission.OPERATE;
import static io.amends.dashboard.access.ConsolePermission.VIEW;

import java.util.EnumSet;
import java.util.Set;

/** What somebody is in the console. Later ones may do all that earlier ones may. */
public enum ConsoleRole {
    /** Looks. */
    VIEWER,
    /** Lets sagas go on. */
    OPERATOR,
    /** Decides about effects, and sees what is masked. */
    ADMIN;

    /** What it may do. */
    public Set<ConsolePermission> permissions() {
        return switch (this) {
            case VIEWER -> EnumSet.of(VIEW, EXPORT_AUDIT);
            case OPERATOR -> EnumSet.of(VIEW, EXPORT_AUDIT, OPERATE, BULK, APPROVE);
            case ADMIN -> EnumSet.allOf(ConsolePermission.class);
        };
    }
}
