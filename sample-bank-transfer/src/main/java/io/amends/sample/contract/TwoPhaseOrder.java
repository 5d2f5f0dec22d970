package io.amends.sample.contract;

import java.math.BigDecimal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A bank's part of a transfer by two-phase commit, sent as JSON.
 *
 * @param transferId which transfer
 * @param debit the account to take the amount from; null if that is another bank's
 * @param credit the account to put it into; null if that is another bank's
 * @param amount positive, with two decimals
 */
public record TwoPhaseOrder(
        UUID transferId, @Nullable String debit, @Nullable String credit, BigDecimal amount) {}
