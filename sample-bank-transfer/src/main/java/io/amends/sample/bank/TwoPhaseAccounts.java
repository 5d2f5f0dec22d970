package io.amends.sample.bank;

import io.amends.sample.contract.TwoPhaseOrder;
import io.amends.twopc.BranchRefusedException;
import io.amends.twopc.RemoteWork;
import io.amends.twopc.TwoPhaseWork;
import java.math.BigDecimal;
import java.sql.Connection;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The bank in a two-phase commit: the same accounts and the same ledger as {@link Accounts}. */
@Component
class TwoPhaseAccounts implements TwoPhaseWork {

    private final AccountRepository accounts;
    private final JsonMapper json;

    TwoPhaseAccounts(AccountRepository accounts, JsonMapper json) {
        this.accounts = accounts;
        this.json = json;
    }

    @Override
    public void run(Connection connection, RemoteWork work) {
        TwoPhaseOrder order = json.readValue(work.body(), TwoPhaseOrder.class);
        String debit = order.debit();
        String credit = order.credit();
        if (debit != null && credit != null) {
            // In one order whichever way the money goes, else two transfers would wait for each other.
            accounts.lockInOrder(debit, credit);
        }
        if (debit != null) {
            debit(order.transferId(), debit, order.amount());
        }
        if (credit != null) {
            credit(order.transferId(), credit, order.amount());
        }
    }

    private void debit(UUID transferId, String number, BigDecimal amount) {
        if (accounts.debit(transferId, number, amount) == 2) {
            return;
        }
        Optional<Account> account = accounts.findById(number);
        if (account.isEmpty()) {
            throw new BranchRefusedException("source account unknown");
        }
        throw new BranchRefusedException(account.get().isOpen() ? "insufficient funds" : "source account closed");
    }

    private void credit(UUID transferId, String number, BigDecimal amount) {
        if (accounts.credit(transferId, number, amount) != 2) {
            throw new BranchRefusedException(
                    accounts.findById(number).isPresent()
                            ? "destination account closed"
                            : "destination account unknown");
        }
    }
}
