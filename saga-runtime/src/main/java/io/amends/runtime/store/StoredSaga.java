package io.amends.runtime.store;

import io.amends.saga.engine.Cause;
import io.amends.saga.engine.Pause;
import io.amends.saga.engine.ReasonCode;
import io.amends.saga.engine.SagaPhase;
import io.amends.saga.engine.SagaState;
import io.amends.saga.engine.StepState;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An instance as its row has it, with the steps that have begun. The data is still bytes; {@code readAt} is the
 * database's clock at that moment, and {@code reasonFrames} where in the code the exception came from that the reason tells, null
 * for nowhere.
 */
public record StoredSaga(
        UUID sagaId,
        String name,
        int version,
        String fingerprint,
        String key,
        byte[] bodyHash,
        SagaPhase phase,
        @Nullable ReasonCode reasonCode,
        @Nullable String reason,
        @Nullable Cause cause,
        byte[] data,
        long rowVersion,
        long sequence,
        long clock,
        @Nullable Instant deadlineAt,
        boolean overdue,
        @Nullable Pause pause,
        Instant createdAt,
        Instant updatedAt,
        Instant readAt,
        Map<String, String> attributes,
        Map<String, StoredStep> steps,
        @Nullable String reasonFrames) {

    /** One whose reason tells no exception, or nobody says where in the code that was thrown. */
    public StoredSaga(
            UUID sagaId,
            String name,
            int version,
            String fingerprint,
            String key,
            byte[] bodyHash,
            SagaPhase phase,
            @Nullable ReasonCode reasonCode,
            @Nullable String reason,
            @Nullable Cause cause,
            byte[] data,
            long rowVersion,
            long sequence,
            long clock,
            @Nullable Instant deadlineAt,
            boolean overdue,
            @Nullable Pause pause,
            Instant createdAt,
            Instant updatedAt,
            Instant readAt,
            Map<String, String> attributes,
            Map<String, StoredStep> steps) {
        this(
                sagaId,
                name,
                version,
                fingerprint,
                key,
                bodyHash,
                phase,
                reasonCode,
                reason,
                cause,
                data,
                rowVersion,
                sequence,
                clock,
                deadlineAt,
                overdue,
                pause,
                createdAt,
                updatedAt,
                readAt,
                attributes,
                steps,
                null);
    }

    /** What the engine decides on, with the data as an object: the row's own, or what another version made of it. */
    public SagaState state(Object taken) {
        Map<String, StepState> states = new LinkedHashMap<>();
        steps.forEach((step, stored) -> states.put(step, stored.state()));
        return new SagaState(phase, taken, states, reasonCode, reason, cause, deadlineAt, overdue, pause, reasonFrames);
    }

    /** A step and when it last changed. */
    public record StoredStep(StepState state, Instant updatedAt) {}

    /**
     * What one transaction makes of an instance.
     *
     * @param attributes the instance's search attributes, null if they stay as they are
     * @param dueExactly whether the time at which it is due next may also become later, which costs an index entry
     */
    public record Change(
            UUID sagaId,
            long expectedVersion,
            SagaState state,
            @Nullable String reason,
            byte[] data,
            long sequence,
            long clock,
            @Nullable Map<String, String> attributes,
            boolean dueExactly,
            List<StepState> changedSteps,
            List<HistoryEntry> history) {}

    /**
     * An instance that is to be stored for the first time.
     *
     * @param first its steps and history
     * @param at the time that its times are reckoned from
     * @param traceId the trace that the call belongs to which starts it, null for none; for people, so that a store may leave
     *     it out
     */
    public record Begun(
            StoredSaga saga,
            Change first,
            Instant at,
            @Nullable String traceId) {}

    /**
     * A command that an event sent.
     *
     * @param messageId its message
     * @param detail its type, and which attempt it is if not the first
     */
    public record SentCommand(
            UUID messageId,
            String step,
            String kind,
            String participant,
            @Nullable String detail) {}

    /**
     * The command that a reply answers.
     *
     * @param messageId its message
     * @param place where the participant read it, as {@code topic-3@42}; null if the reply does not say that
     */
    public record AnsweredCommand(UUID messageId, @Nullable String place) {}

    /**
     * A line of an instance's history.
     *
     * @param messageId the message that brought it, or that was sent
     * @param place where that was read, as {@code topic-3@42}
     * @param data the saga's data afterwards, as its codec writes it; null where it did not change or is not kept
     * @param sent the command that was sent right afterwards, at the next logical time; null for none, or if it has a line of
     *     its own
     * @param answered the command that a reply answers, null for what is no reply
     */
    public record HistoryEntry(
            long clock,
            String event,
            @Nullable String step,
            @Nullable String kind,
            @Nullable String participant,
            @Nullable UUID messageId,
            String disposition,
            String phase,
            @Nullable String detail,
            @Nullable String place,
            byte @Nullable [] data,
            @Nullable SentCommand sent,
            @Nullable AnsweredCommand answered) {

        /** One that no record brought, and that changed no data. */
        public HistoryEntry(
                long clock,
                String event,
                @Nullable String step,
                @Nullable String kind,
                @Nullable String participant,
                @Nullable UUID messageId,
                String disposition,
                String phase,
                @Nullable String detail) {
            this(clock, event, step, kind, participant, messageId, disposition, phase, detail, null, null, null, null);
        }

        /** The same with the command that was sent right afterwards. */
        public HistoryEntry with(SentCommand command) {
            return new HistoryEntry(
                    clock,
                    event,
                    step,
                    kind,
                    participant,
                    messageId,
                    disposition,
                    phase,
                    detail,
                    place,
                    data,
                    command,
                    answered);
        }
    }
}
