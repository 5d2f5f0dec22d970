package io.amends.sample.contract;

import io.amends.saga.Command;
import java.math.BigDecimal;
import java.util.UUID;

/** What a bank can be asked. Amounts are positive and have two decimals. */
public final class BankCommands {

    private BankCommands() {}

    /** Sets an amount aside; the balance stays. */
    public record ReserveFunds(UUID transferId, String account, BigDecimal amount)
            implements Command<BankReplies.ReserveFundsReply> {}

    /** Gives a reserved amount back. */
    public record ReleaseFunds(UUID transferId) implements Command<BankReplies.FundsReleased> {}

    /** Takes a reserved amount out of the account. */
    public record CaptureFunds(UUID transferId) implements Command<BankReplies.FundsCaptured> {}

    /** Takes an amount out of the account at once. */
    public record DebitAccount(UUID transferId, String account, BigDecimal amount)
            implements Command<BankReplies.DebitAccountReply> {}

    /** Puts a debited amount back. */
    public record RefundDebit(UUID transferId, String account, BigDecimal amount)
            implements Command<BankReplies.DebitRefunded> {}

    /** Puts an amount into the account. */
    public record CreditAccount(UUID transferId, String account, BigDecimal amount)
            implements Command<BankReplies.CreditAccountReply> {}

    /** Takes a credited amount out again, even if it was spent meanwhile. */
    public record TakeBackCredit(UUID transferId, String account, BigDecimal amount)
            implements Command<BankReplies.CreditTakenBack> {}
}
