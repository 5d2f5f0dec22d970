package io.amends.dashboard.rest;

import io.amends.dashboard.failures.GroupQuery;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.search.SagaFilter;
import io.amends.dashboard.search.Term;
import io.amends.dashboard.stuck.StuckReason;
import java.util.ArrayList;
import java.util.List;

/** Which groups a filter means, as far as a group knows. Pure. */
final class GroupFilter {

    private GroupFilter() {}

    /** @throws ConsoleProblem if the filter asks for what a group does not have */
    static GroupQuery query(SagaFilter filter) {
        List<String> ids = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<Integer> versions = new ArrayList<>();
        List<StuckReason> reasons = new ArrayList<>();
        List<String> steps = new ArrayList<>();
        for (Term term : filter.terms()) {
            if (term instanceof Term.Name name) {
                names.add(name.name());
            } else if (term instanceof Term.Reason reason) {
                reasons.add(reason.reason());
            } else if (term instanceof Term.Version version) {
                versions.add(version.number());
            } else if (term instanceof Term.At at) {
                steps.add(at.step());
            } else if (term instanceof Term.Group group) {
                ids.add(group.id());
            } else {
                throw new ConsoleProblem(
                        400,
                        "BAD_FILTER",
                        Sentence.of(
                                "Groups are filtered by saga, version, reason, at and group; '%s' is none of these.",
                                term.text()));
            }
        }
        return new GroupQuery(ids, names, versions, reasons, steps);
    }
}
