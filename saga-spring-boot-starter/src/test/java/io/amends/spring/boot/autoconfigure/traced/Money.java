package io.amends.spring.boot.autoconfigure.traced;

import io.amends.saga.Command;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Success;

/** What the transfer service and the bank say to each other. */
public final class Money {

    private Money() {}

    public record Reserve(String transfer) implements Command<Reserved> {}

    public record Reserved() implements Success {}

    public record Release(String transfer) implements Command<Released> {}

    public record Released() implements Success {}

    public record Credit(String transfer) implements Command<CreditReply> {}

    public sealed interface CreditReply extends Reply {}

    public record Credited() implements CreditReply, Success {}

    public record NoSuchAccount() implements CreditReply, Rejection {}
}
