package io.amends.spring.boot.test.shop;

import io.amends.saga.Command;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Success;

/** What the shop and its participants say to each other. */
final class Messages {

    private Messages() {}

    record TakeFromStock(String order, String item, int pieces) implements Command<StockReply> {}

    sealed interface StockReply extends Reply {}

    record Taken() implements StockReply, Success {}

    record OutOfStock(String item) implements StockReply, Rejection {}

    record PutBack(String order, String item, int pieces) implements Command<PutBackDone> {}

    record PutBackDone() implements Success {}

    record ChargeCustomer(String order, String customer) implements Command<PaymentReply> {}

    sealed interface PaymentReply extends Reply {}

    record Charged() implements PaymentReply, Success {}

    record CardDeclined() implements PaymentReply, Rejection {}
}
