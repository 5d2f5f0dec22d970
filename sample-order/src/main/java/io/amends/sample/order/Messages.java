package io.amends.sample.order;

import io.amends.saga.Command;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Success;

/** Commands to the participants, and what they may answer. */
interface Messages {

    record ReserveStock(String orderId, String article, int pieces) implements Command<ReserveStockReply> {}

    sealed interface ReserveStockReply extends Reply {}

    record StockReserved() implements ReserveStockReply, Success {}

    record OutOfStock(int left) implements ReserveStockReply, Rejection {}

    record ReleaseStock(String orderId) implements Command<StockReleased> {}

    record StockReleased() implements Success {}

    record TakePayment(String orderId, String customer, long cents) implements Command<TakePaymentReply> {}

    sealed interface TakePaymentReply extends Reply {}

    record PaymentTaken() implements TakePaymentReply, Success {}

    record PaymentRefused(String reason) implements TakePaymentReply, Rejection {}

    record ShipOrder(String orderId) implements Command<OrderShipped> {}

    record OrderShipped(String parcel) implements Success {}
}
