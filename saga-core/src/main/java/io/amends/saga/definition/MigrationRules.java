package io.amends.saga.definition;

import java.util.HashMap;
import java.util.Map;

/** The rules for how data of other versions becomes this one's. */
final class MigrationRules {

    private MigrationRules() {}

    static void check(SagaDraft draft) {
        Map<Integer, String> seen = new HashMap<>();
        for (SagaDraft.Migrating migrating : draft.migrations) {
            int from = migrating.is().from();
            if (from < 1 || from == draft.version) {
                draft.problem(
                        ProblemCode.BAD_SIGNATURE,
                        migrating.where(),
                        "it takes the data of version %d, and this is version %d.".formatted(from, draft.version),
                        "Name another version, at least 1.");
            }
            String other = seen.putIfAbsent(from, migrating.where());
            if (other != null) {
                draft.problem(
                        ProblemCode.BAD_SIGNATURE,
                        migrating.where(),
                        "the data of version %d is also taken by %s.".formatted(from, other),
                        "Keep one of them.");
            }
            if (!draft.dataTypes.isEmpty()
                    && draft.dataTypes.keySet().stream()
                            .noneMatch(data -> data.isAssignableFrom(migrating.returns()))) {
                draft.problem(
                        ProblemCode.BAD_SIGNATURE,
                        migrating.where(),
                        "it returns %s, which is not the saga's data."
                                .formatted(migrating.returns().getSimpleName()),
                        "Return the type that the saga's other methods take.");
            }
        }
    }
}
