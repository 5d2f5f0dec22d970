package io.amends.sample.transfer;

import io.amends.runtime.SagaSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A transfer as it is shown. */
record TransferView(
        UUID transferId,
        UUID sagaId,
        int version,
        String mode,
        String status,
        @Nullable String reason,
        List<Step> steps,
        Instant createdAt,
        Instant updatedAt) {

    /** One step as it is shown. */
    record Step(
            String name,
            String status,
            @Nullable String participant,
            @Nullable Instant at) {}

    static TransferView of(SagaSnapshot saga) {
        Transfer transfer = (Transfer) saga.data();
        return new TransferView(
                transfer.id(),
                saga.sagaId(),
                saga.version(),
                "saga",
                saga.phase().name(),
                transfer.reason() != null ? transfer.reason() : saga.reason(),
                saga.steps().stream()
                        .map(step -> new Step(step.name(), step.status().name(), step.participant(), step.updatedAt()))
                        .toList(),
                saga.createdAt(),
                saga.updatedAt());
    }
}
