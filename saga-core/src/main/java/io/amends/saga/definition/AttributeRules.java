package io.amends.saga.definition;

import io.amends.saga.MessageTypes;
import java.util.HashMap;
import java.util.Map;

/** The rules for what instances are found by. */
final class AttributeRules {

    private AttributeRules() {}

    static void check(SagaDraft draft) {
        Map<String, String> seen = new HashMap<>();
        for (SagaDraft.Attribute attribute : draft.attributes) {
            String name = attribute.is().name();
            if (!MessageTypes.isName(name)) {
                draft.problem(
                        ProblemCode.BAD_SIGNATURE,
                        attribute.where(),
                        "'%s' is not a search attribute's name.".formatted(name),
                        "Use 1 to 100 lower case letters, digits and hyphens.");
            }
            String other = seen.putIfAbsent(name, attribute.where());
            if (other != null) {
                draft.problem(
                        ProblemCode.BAD_SIGNATURE,
                        attribute.where(),
                        "search attribute '%s' is also declared by %s.".formatted(name, other),
                        "Rename one of them.");
            }
        }
        if (draft.attributes.size() > AttributeDefinition.MOST) {
            draft.problem(
                    ProblemCode.BAD_SIGNATURE,
                    draft.where,
                    "it has %d search attributes.".formatted(draft.attributes.size()),
                    "Keep the %d that people look for.".formatted(AttributeDefinition.MOST));
        }
    }
}
