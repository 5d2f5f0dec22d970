package io.amends.sample.transfer;

import java.math.BigDecimal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the transfer sagas know: the order, and why it was refused if it was. */
record Transfer(
        UUID id,
        String fromBank,
        String fromAccount,
        String toBank,
        String toAccount,
        BigDecimal amount,
        @Nullable String reason) {

    Transfer refused(String why) {
        return new Transfer(id, fromBank, fromAccount, toBank, toAccount, amount, why);
    }
}
