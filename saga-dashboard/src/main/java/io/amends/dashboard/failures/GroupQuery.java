package io.amends.dashboard.failures;

import io.amends.dashboard.stuck.StuckReason;
import java.util.List;

/**
 * Which groups to look for: one of each list that is not empty must be theirs. Immutable; begin with {@link #ALL}.
 *
 * @param ids the groups' ids
 * @param sagaNames the definitions' names
 * @param versions the definitions' versions, one of which must be among theirs
 * @param reasons why their sagas are stuck
 * @param steps the steps at which they are stuck
 */
public record GroupQuery(
        List<String> ids,
        List<String> sagaNames,
        List<Integer> versions,
        List<StuckReason> reasons,
        List<String> steps) {

    /** All of them. */
    public static final GroupQuery ALL = new GroupQuery(List.of(), List.of(), List.of(), List.of(), List.of());

    public GroupQuery {
        ids = List.copyOf(ids);
        sagaNames = List.copyOf(sagaNames);
        versions = List.copyOf(versions);
        reasons = List.copyOf(reasons);
        steps = List.copyOf(steps);
    }

    /** The group with that id. */
    public static GroupQuery of(String id) {
        return new GroupQuery(List.of(id), List.of(), List.of(), List.of(), List.of());
    }
}
