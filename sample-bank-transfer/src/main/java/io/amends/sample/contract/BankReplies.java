package io.amends.sample.contract;

import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Success;

/** What a bank answers. */
public final class BankReplies {

    private BankReplies() {}

    /** Answers to {@link BankCommands.ReserveFunds}. */
    public sealed interface ReserveFundsReply extends Reply
            permits FundsReserved, InsufficientFunds, AccountClosed, AccountUnknown {}

    /** Answers to {@link BankCommands.DebitAccount}. */
    public sealed interface DebitAccountReply extends Reply
            permits AccountDebited, InsufficientFunds, AccountClosed, AccountUnknown {}

    /** Answers to {@link BankCommands.CreditAccount}. */
    public sealed interface CreditAccountReply extends Reply permits AccountCredited, AccountClosed, AccountUnknown {}

    public record FundsReserved() implements Success, ReserveFundsReply {}

    public record FundsReleased() implements Success {}

    public record FundsCaptured() implements Success {}

    public record AccountDebited() implements Success, DebitAccountReply {}

    public record DebitRefunded() implements Success {}

    public record AccountCredited() implements Success, CreditAccountReply {}

    public record CreditTakenBack() implements Success {}

    public record InsufficientFunds(String account) implements Rejection, ReserveFundsReply, DebitAccountReply {}

    public record AccountClosed(String account)
            implements Rejection, ReserveFundsReply, DebitAccountReply, CreditAccountReply {}

    public record AccountUnknown(String account)
            implements Rejection, ReserveFundsReply, DebitAccountReply, CreditAccountReply {}
}
