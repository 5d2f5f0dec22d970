package io.amends.dashboard.failures;

import java.util.List;

/**
 * The groups that were found, the largest first.
 *
 * @param groups the groups
 * @param isAll whether all that is stuck was read for them; if not, there may be more groups, and more sagas in each
 */
public record FoundGroups(List<FailureGroup> groups, boolean isAll) {

    public FoundGroups {
        groups = List.copyOf(groups);
    }
}
