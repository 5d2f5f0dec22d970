package io.amends.dashboard.rest;

import io.amends.dashboard.failures.FailureGroup;
import io.amends.dashboard.search.SagaFilter;
import io.amends.dashboard.search.Term;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Which groups a filter means, as far as a group knows. Pure. */
final class GroupFilter {

    private GroupFilter() {}

    /** @throws ConsoleProblem if the filter asks for what a group does not have */
    static boolean matches(SagaFilter filter, FailureGroup group) {
        Map<Class<?>, List<Term>> kinds = filter.terms().stream().collect(Collectors.groupingBy(Term::getClass));
        return kinds.values().stream().allMatch(terms -> terms.stream().anyMatch(term -> matches(term, group)));
    }

    private static boolean matches(Term term, FailureGroup group) {
        if (term instanceof Term.Name name) {
            return name.name().equals(group.sagaName());
        }
        if (term instanceof Term.Reason reason) {
            return reason.reason() == group.reason();
        }
        if (term instanceof Term.Version version) {
            return group.versions().contains(version.number());
        }
        if (term instanceof Term.At at) {
            return at.step().equals(group.step());
        }
        if (term instanceof Term.Group id) {
            return id.id().equals(group.id());
        }
        throw new ConsoleProblem(
                400,
                "BAD_FILTER",
                "Groups are filtered by saga, version, reason, at and group; '%s' is none of these."
                        .formatted(term.text()));
    }
}
