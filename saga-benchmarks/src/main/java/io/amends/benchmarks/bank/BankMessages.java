package io.amends.benchmarks.bank;

import io.amends.saga.Command;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Success;
import java.util.UUID;

/** What a bank can be asked and what it answers. Amounts are positive, in cents. */
public final class BankMessages {

    private BankMessages() {}

    /** Takes an amount out of an account. */
    public record Debit(UUID transferId, int account, long amount) implements Command<DebitReply> {}

    /** Puts a debited amount back. */
    public record Refund(UUID transferId, int account, long amount) implements Command<Refunded> {}

    /** Puts an amount into an account. */
    public record Credit(UUID transferId, int account, long amount) implements Command<CreditReply> {}

    /** Answers to {@link Debit}. */
    public sealed interface DebitReply extends Reply permits Debited, Refused {}

    /** Answers to {@link Credit}. */
    public sealed interface CreditReply extends Reply permits Credited, Refused {}

    /** The amount was taken. */
    public record Debited() implements DebitReply, Success {}

    /** The debited amount was put back. */
    public record Refunded() implements Success {}

    /** The amount was put in. */
    public record Credited() implements CreditReply, Success {}

    /** There is no such account, or too little in it. */
    public record Refused() implements DebitReply, CreditReply, Rejection {}
}
