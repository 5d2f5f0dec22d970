package io.amends.dashboard.audit;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A line that is to be written.
 *
 * @param operator who
 * @param verb what they wanted, such as {@code retry}
 * @param arguments the rest of it, empty for nothing
 * @param subject to what
 * @param reason why, in their words
 * @param approvedBy the second person, null if none was needed
 * @param idempotencyKey under which a repeat is recognised, null for none
 * @param result {@link #DONE}, {@link #NOTED}, or why it was refused
 * @param explanation the same in words for people, null for nothing more to say
 * @param change what it changed at once, null for nothing
 */
public record AuditEntry(
        Operator operator,
        String verb,
        String arguments,
        Subject subject,
        String reason,
        @Nullable String approvedBy,
        @Nullable String idempotencyKey,
        String result,
        @Nullable String explanation,
        @Nullable Change change) {

    /** The result of an order that was carried out. */
    public static final String DONE = "DONE";

    /** The result of what is no order to a saga. */
    public static final String NOTED = "NOTED";

    /** The result of what somebody wanted of a request or a run, and may not. */
    public static final String REFUSED = "REFUSED";

    public AuditEntry {
        if (reason.isBlank()) {
            throw new IllegalArgumentException("Who does something says why.");
        }
    }

    /** A line about something that is no order to a saga. */
    public static AuditEntry note(Operator operator, String verb, String arguments, Subject subject, String reason) {
        return new AuditEntry(operator, verb, arguments, subject, reason, null, null, NOTED, null, null);
    }

    /** A line about something that somebody wanted and may not. */
    public static AuditEntry refused(
            Operator operator, String verb, String arguments, Subject subject, String reason, String explanation) {
        return new AuditEntry(operator, verb, arguments, subject, reason, null, null, REFUSED, explanation, null);
    }

    /** The same under that idempotency key, by which a repeat is recognised; null for none. */
    public AuditEntry under(@Nullable String key) {
        return new AuditEntry(operator, verb, arguments, subject, reason, approvedBy, key, result, explanation, change);
    }

    /** The same with that in words for people. */
    public AuditEntry saying(String words) {
        return new AuditEntry(
                operator, verb, arguments, subject, reason, approvedBy, idempotencyKey, result, words, change);
    }

    /** The same with what was looked at and what came of it. */
    public AuditEntry changing(Change what) {
        return new AuditEntry(
                operator, verb, arguments, subject, reason, approvedBy, idempotencyKey, result, explanation, what);
    }

    /**
     * What a line is about.
     *
     * @param sagaId a saga, null for none
     * @param runId a run over many sagas, null for none
     * @param requestId a request for a second person, null for none
     * @param filter a filter, null for none
     */
    public record Subject(
            @Nullable UUID sagaId,
            @Nullable UUID runId,
            @Nullable UUID requestId,
            @Nullable String filter) {

        /** About nothing of these. */
        public static final Subject NONE = new Subject(null, null, null, null);

        /** Whether what it names is the same in the other one. */
        boolean isPartOf(Subject other) {
            return (sagaId == null || sagaId.equals(other.sagaId))
                    && (runId == null || runId.equals(other.runId))
                    && (requestId == null || requestId.equals(other.requestId))
                    && (filter == null || filter.equals(other.filter));
        }

        /** A saga. */
        public static Subject saga(UUID sagaId) {
            return new Subject(sagaId, null, null, null);
        }

        /** A run over the sagas of a filter. */
        public static Subject run(UUID runId, String filter) {
            return new Subject(null, runId, null, filter);
        }
    }

    /**
     * What an order changed at once.
     *
     * @param seenRevision what the operator had looked at, null where it is no matter
     * @param phaseBefore where the saga stood
     * @param phaseAfter where it stood then
     * @param revisionBefore its revision, or that of another thing that has some
     * @param revisionAfter its revision then
     * @param watch what tells later what came of it, null if there is nothing to wait for
     * @param atOnce what came of it if that is known already, null if not
     */
    public record Change(
            @Nullable Long seenRevision,
            @Nullable String phaseBefore,
            @Nullable String phaseAfter,
            @Nullable Long revisionBefore,
            @Nullable Long revisionAfter,
            @Nullable Watch watch,
            @Nullable ActionState atOnce) {}

    /**
     * What tells later what came of an order.
     *
     * @param clock the saga's clock afterwards: what its history says later happened later
     * @param steps the steps that are under way
     * @param within how long they may take
     */
    public record Watch(long clock, List<String> steps, Duration within) {
        public Watch {
            steps = List.copyOf(steps);
        }
    }
}
