package io.amends.benchmarks.bank;

import io.amends.benchmarks.bank.BankMessages.Credit;
import io.amends.benchmarks.bank.BankMessages.CreditReply;
import io.amends.benchmarks.bank.BankMessages.Credited;
import io.amends.benchmarks.bank.BankMessages.Debit;
import io.amends.benchmarks.bank.BankMessages.DebitReply;
import io.amends.benchmarks.bank.BankMessages.Debited;
import io.amends.benchmarks.bank.BankMessages.Refund;
import io.amends.benchmarks.bank.BankMessages.Refunded;
import io.amends.benchmarks.bank.BankMessages.Refused;
import io.amends.saga.CommandHandler;
import io.amends.saga.SagaParticipant;
import org.springframework.jdbc.core.JdbcTemplate;

/** The bank as a participant. */
@SagaParticipant("${bank.name}")
class Bank {

    private final Ledger ledger;

    Bank(JdbcTemplate jdbc) {
        this.ledger = new Ledger(jdbc);
    }

    @CommandHandler
    DebitReply on(Debit command) {
        return ledger.move(command.transferId(), command.account(), -command.amount()) ? new Debited() : new Refused();
    }

    @CommandHandler
    Refunded on(Refund command) {
        if (!ledger.move(command.transferId(), command.account(), command.amount())) {
            throw new IllegalStateException(
                    "Transfer %s has no account to be refunded to.".formatted(command.transferId()));
        }
        return new Refunded();
    }

    @CommandHandler
    CreditReply on(Credit command) {
        return ledger.move(command.transferId(), command.account(), command.amount()) ? new Credited() : new Refused();
    }
}
