package io.amends.sample.bank;

import io.amends.saga.CommandHandler;
import io.amends.saga.SagaParticipant;
import io.amends.sample.contract.BankCommands.CaptureFunds;
import io.amends.sample.contract.BankCommands.CreditAccount;
import io.amends.sample.contract.BankCommands.DebitAccount;
import io.amends.sample.contract.BankCommands.RefundDebit;
import io.amends.sample.contract.BankCommands.ReleaseFunds;
import io.amends.sample.contract.BankCommands.ReserveFunds;
import io.amends.sample.contract.BankCommands.TakeBackCredit;
import io.amends.sample.contract.BankReplies.AccountClosed;
import io.amends.sample.contract.BankReplies.AccountCredited;
import io.amends.sample.contract.BankReplies.AccountDebited;
import io.amends.sample.contract.BankReplies.AccountUnknown;
import io.amends.sample.contract.BankReplies.CreditAccountReply;
import io.amends.sample.contract.BankReplies.CreditTakenBack;
import io.amends.sample.contract.BankReplies.DebitAccountReply;
import io.amends.sample.contract.BankReplies.DebitRefunded;
import io.amends.sample.contract.BankReplies.FundsCaptured;
import io.amends.sample.contract.BankReplies.FundsReleased;
import io.amends.sample.contract.BankReplies.FundsReserved;
import io.amends.sample.contract.BankReplies.InsufficientFunds;
import io.amends.sample.contract.BankReplies.ReserveFundsReply;
import java.util.Optional;

/** The bank as a participant. The same class serves both banks; the role gives the name. */
@SagaParticipant("${bank.name}")
class Accounts {

    private final AccountRepository accounts;
    private final Books books;

    Accounts(AccountRepository accounts, Books books) {
        this.accounts = accounts;
        this.books = books;
    }

    @CommandHandler
    ReserveFundsReply on(ReserveFunds command) {
        if (accounts.reserve(command.transferId(), command.account(), command.amount()) == 1) {
            return new FundsReserved();
        }
        Optional<Account> account = accounts.findById(command.account());
        if (account.isEmpty()) {
            return new AccountUnknown(command.account());
        }
        return account.get().isOpen() ? new InsufficientFunds(command.account()) : new AccountClosed(command.account());
    }

    @CommandHandler(notAfter = BooksClosedException.class)
    FundsReleased on(ReleaseFunds command) {
        books.requireOpen();
        check(accounts.release(command.transferId()), 1, "release", command.transferId());
        return new FundsReleased();
    }

    @CommandHandler(notAfter = BooksClosedException.class)
    FundsCaptured on(CaptureFunds command) {
        books.requireOpen();
        check(accounts.capture(command.transferId()), 2, "capture", command.transferId());
        return new FundsCaptured();
    }

    @CommandHandler
    CreditAccountReply on(CreditAccount command) {
        if (accounts.credit(command.transferId(), command.account(), command.amount()) == 2) {
            return new AccountCredited();
        }
        return accounts.findById(command.account()).isPresent()
                ? new AccountClosed(command.account())
                : new AccountUnknown(command.account());
    }

    @CommandHandler
    DebitAccountReply on(DebitAccount command) {
        if (accounts.debit(command.transferId(), command.account(), command.amount()) == 2) {
            return new AccountDebited();
        }
        Optional<Account> account = accounts.findById(command.account());
        if (account.isEmpty()) {
            return new AccountUnknown(command.account());
        }
        return account.get().isOpen() ? new InsufficientFunds(command.account()) : new AccountClosed(command.account());
    }

    @CommandHandler
    DebitRefunded on(RefundDebit command) {
        check(
                accounts.adjust(command.transferId(), command.account(), command.amount(), "REFUND"),
                2,
                "refund",
                command.transferId());
        return new DebitRefunded();
    }

    @CommandHandler
    CreditTakenBack on(TakeBackCredit command) {
        check(
                accounts.adjust(
                        command.transferId(),
                        command.account(),
                        command.amount().negate(),
                        "TAKE_BACK"),
                2,
                "take back",
                command.transferId());
        return new CreditTakenBack();
    }

    private static void check(int written, int expected, String what, Object transferId) {
        if (written != expected) {
            throw new IllegalStateException("There is nothing to %s for transfer %s; it wrote %d rows instead of %d."
                    .formatted(what, transferId, written, expected));
        }
    }
}
