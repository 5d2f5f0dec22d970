package io.amends.sample.transfer;

import io.amends.runtime.SagaSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A transfer as it is shown.
 *
 * @param sagaId null of a transfer by two-phase commit, and so is its version
 * @param transactionId the newest run of a two-phase commit, as in the names of prepared transactions and in its log
 */
record TransferView(
        UUID transferId,
        @Nullable UUID sagaId,
        @Nullable Integer version,
        @Nullable UUID transactionId,
        String mode,
        String status,
        @Nullable String reason,
        List<Step> steps,
        Instant createdAt,
        Instant updatedAt) {

    private static final Set<String> ENDED = Set.of("COMPLETED", "COMPENSATED", "STUCK", "COMMITTED", "ABORTED");

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
                null,
                "saga",
                saga.phase().name(),
                transfer.reason() != null ? transfer.reason() : saga.reason(),
                saga.steps().stream()
                        .map(step -> new Step(step.name(), step.status().name(), step.participant(), step.updatedAt()))
                        .toList(),
                saga.createdAt(),
                saga.updatedAt());
    }

    /** Its steps are the branches, one for each bank. */
    static TransferView of(TwoPhaseTransfer transfer) {
        Transfer order = transfer.order();
        List<Step> steps = order.fromBank().equals(order.toBank())
                ? List.of(branch("debit-and-credit", order.fromBank(), transfer))
                : List.of(
                        branch("debit-source", order.fromBank(), transfer),
                        branch("credit-destination", order.toBank(), transfer));
        return new TransferView(
                order.id(),
                null,
                null,
                transfer.transaction() == null ? null : transfer.transaction().value(),
                "2pc",
                transfer.status().shown(),
                order.reason(),
                steps,
                transfer.createdAt(),
                transfer.updatedAt());
    }

    private static Step branch(String name, String bank, TwoPhaseTransfer transfer) {
        return new Step(name, transfer.branchAt(bank), bank, transfer.updatedAt());
    }

    /** Whether there is nothing to wait for: it has ended, or an operator has to see to it. */
    boolean hasEnded() {
        return ENDED.contains(status);
    }
}
