package io.amends.sample.bank;

import java.math.BigDecimal;
import org.springframework.data.annotation.Id;

/**
 * A customer's account.
 *
 * @param account its number
 * @param balance what the ledger says it has
 * @param held how much of it is reserved
 * @param status {@code OPEN} or {@code CLOSED}
 */
record Account(@Id String account, BigDecimal balance, BigDecimal held, String status) {

    BigDecimal available() {
        return balance.subtract(held);
    }

    boolean isOpen() {
        return status.equals("OPEN");
    }
}
