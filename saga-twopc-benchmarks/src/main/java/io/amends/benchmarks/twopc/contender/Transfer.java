package io.amends.benchmarks.twopc.contender;

import io.amends.benchmarks.twopc.bank.Bank;
import java.math.BigDecimal;
import java.util.UUID;

/**
 * An amount from an account of bank a to one of bank b.
 *
 * @param id its number, unique in a run
 * @param fromAccount the account's name at bank a
 * @param toAccount the account's name at bank b
 */
public record Transfer(UUID id, String fromAccount, String toAccount, BigDecimal amount) {

    /** Of account numbers and an amount in cents. */
    public static Transfer of(UUID id, int from, int to, long cents) {
        return new Transfer(id, Bank.account(from), Bank.account(to), BigDecimal.valueOf(cents, 2));
    }
}
