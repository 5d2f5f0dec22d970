package io.amends.dashboard.rest;

import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.stuck.StuckReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the console's routes are told.
 *
 * @param readOnly whether nobody can change anything
 * @param fourEyes the names of verbs that need a second person; {@code bulk} for every run
 * @param approvalWithin how long a second person can approve
 * @param application what the application is called
 * @param version which version of it runs, null if that is not known
 * @param runbookBase where the runbooks are, without a slash at its end; null for those in the jar
 * @param traceLink where a trace can be seen, with {@code {traceId}} where its id belongs; null for nowhere
 * @param twopc whether the application commits over several databases
 * @param edit whether data and messages may be edited
 * @param tenantAttribute the search attribute that holds a saga's tenant, null where there are no tenants
 * @param notes what your own people say about a definition, a step or a reason: an address or a text, by {@code
 *     definition/step/REASON}, {@code definition/step}, {@code definition/REASON}, {@code definition} or {@code REASON}
 */
public record ConsoleSettings(
        boolean readOnly,
        Set<String> fourEyes,
        Duration approvalWithin,
        String application,
        @Nullable String version,
        @Nullable String runbookBase,
        @Nullable String traceLink,
        boolean twopc,
        boolean edit,
        @Nullable String tenantAttribute,
        Map<String, String> notes) {

    /** What stands for a trace's id. */
    public static final String TRACE_ID = "{traceId}";

    public ConsoleSettings {
        fourEyes = Set.copyOf(fourEyes);
        notes = Map.copyOf(notes);
    }

    /** Where that trace can be seen; null if there is none, or if that is not known. */
    @Nullable
    String trace(@Nullable String traceId) {
        return traceId == null || traceLink == null ? null : traceLink.replace(TRACE_ID, traceId);
    }

    /** @throws ConsoleProblem if nobody edits here */
    void requireEdit() {
        if (!edit) {
            throw new ConsoleProblem(
                    403,
                    "EDIT_OFF",
                    Sentence.of("Nothing is edited here (saga.console.edit is off). Nothing was done."));
        }
    }

    /**
     * What your own people say about that; the most exact note, null if there is none.
     *
     * @param step the step that the saga is stuck at, null if it is at none
     */
    public @Nullable String note(String definition, @Nullable String step, StuckReason reason) {
        List<String> keys = step == null
                ? List.of(definition + "/" + reason, definition, reason.name())
                : List.of(
                        definition + "/" + step + "/" + reason,
                        definition + "/" + step,
                        definition + "/" + reason,
                        definition,
                        reason.name());
        return keys.stream()
                .map(notes::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Where it is written what to do about that; relative to the console's path, unless it is elsewhere. */
    public String runbook(StuckReason reason) {
        return "%s/%s.md".formatted(runbookBase == null ? "assets/runbooks" : runbookBase, reason.name());
    }
}
