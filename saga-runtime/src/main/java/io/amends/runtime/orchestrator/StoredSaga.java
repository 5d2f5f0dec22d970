package io.amends.runtime.orchestrator;

import io.amends.saga.engine.ReasonCode;
import io.amends.saga.engine.SagaPhase;
import io.amends.saga.engine.StepState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An instance as its row has it, with the steps that have begun. The data is still bytes. */
record StoredSaga(
        UUID sagaId,
        String name,
        int version,
        String fingerprint,
        String key,
        byte[] bodyHash,
        SagaPhase phase,
        @Nullable ReasonCode reasonCode,
        @Nullable String reason,
        byte[] data,
        long rowVersion,
        long sequence,
        long clock,
        Instant createdAt,
        Instant updatedAt,
        Map<String, StoredStep> steps) {

    /** A step and when it last changed. */
    record StoredStep(StepState state, Instant updatedAt) {}

    /** What one transaction makes of an instance. */
    record Change(
            UUID sagaId,
            long expectedVersion,
            SagaPhase phase,
            @Nullable ReasonCode reasonCode,
            @Nullable String reason,
            byte[] data,
            long sequence,
            long clock,
            List<StepState> changedSteps,
            List<HistoryEntry> history) {}

    /** A line of an instance's history. */
    record HistoryEntry(
            long clock,
            String event,
            @Nullable String step,
            @Nullable String kind,
            @Nullable String participant,
            @Nullable UUID messageId,
            String disposition,
            String phase,
            @Nullable String detail) {}
}
