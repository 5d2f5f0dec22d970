package io.amends.dashboard.audit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of lines, the latest first.
 *
 * @param lines the lines
 * @param next behind which line the next page begins, null if this is the last page
 */
public record AuditPage(List<AuditLine> lines, @Nullable Long next) {
    public AuditPage {
        lines = List.copyOf(lines);
    }
}
