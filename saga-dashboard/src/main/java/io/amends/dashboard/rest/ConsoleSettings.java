package io.amends.dashboard.rest;

import io.amends.dashboard.stuck.StuckReason;
import java.time.Duration;
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
        @Nullable String tenantAttribute) {

    /** What stands for a trace's id. */
    public static final String TRACE_ID = "{traceId}";

    public ConsoleSettings {
        fourEyes = Set.copyOf(fourEyes);
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
                    403, "EDIT_OFF", "Nothing is edited here (saga.console.edit is off). Nothing was done.");
        }
    }

    /** Where it is written what to do about that; relative to the console's path, unless it is elsewhere. */
    public String runbook(StuckReason reason) {
        return "%s/%s.md".formatted(runbookBase == null ? "assets/runbooks" : runbookBase, reason.name());
    }
}
