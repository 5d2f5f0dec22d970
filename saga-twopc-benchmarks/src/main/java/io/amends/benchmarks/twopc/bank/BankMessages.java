package io.amends.benchmarks.twopc.bank;

import io.amends.saga.Command;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Success;
import java.math.BigDecimal;
import java.util.UUID;

/** What a bank can be asked and what it answers, as in the sample. */
public final class BankMessages {

    private BankMessages() {}

    /** Sets an amount aside. */
    public record Reserve(UUID transferId, String account, BigDecimal amount) implements Command<ReserveReply> {}

    /** Gives back what was set aside. */
    public record Release(UUID transferId) implements Command<Released> {}

    /** Takes out what was set aside. */
    public record Capture(UUID transferId) implements Command<Captured> {}

    /** Puts an amount into an account. */
    public record Credit(UUID transferId, String account, BigDecimal amount) implements Command<CreditReply> {}

    /** Answers to {@link Reserve}. */
    public sealed interface ReserveReply extends Reply permits Reserved, Refused {}

    /** Answers to {@link Credit}. */
    public sealed interface CreditReply extends Reply permits Credited, Refused {}

    /** The amount is set aside. */
    public record Reserved() implements ReserveReply, Success {}

    /** What was set aside is free again. */
    public record Released() implements Success {}

    /** What was set aside is taken out. */
    public record Captured() implements Success {}

    /** The amount was put in. */
    public record Credited() implements CreditReply, Success {}

    /** There is no such account, or too little in it. */
    public record Refused() implements ReserveReply, CreditReply, Rejection {}
}
