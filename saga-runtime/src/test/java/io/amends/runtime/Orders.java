package io.amends.runtime;

import io.amends.saga.Command;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Success;

/** What a shop and its warehouse, bank and courier say to each other. */
public final class Orders {

    private Orders() {}

    public record ReserveStock(String orderId, String item, int amount) implements Command<ReserveStockReply> {}

    public sealed interface ReserveStockReply extends Reply {}

    public record StockReserved(String shelf) implements ReserveStockReply, Success {}

    public record OutOfStock(int left) implements ReserveStockReply, Rejection {}

    public record ReleaseStock(String orderId, String item, int amount) implements Command<StockReleased> {}

    public record StockReleased(int amount) implements Success {}

    public record ChargeCard(String orderId, int amount) implements Command<ChargeCardReply> {}

    public sealed interface ChargeCardReply extends Reply {}

    public record CardCharged(String receipt) implements ChargeCardReply, Success {}

    public record CardDeclined(String why) implements ChargeCardReply, Rejection {}

    public record RefundCard(String orderId) implements Command<CardRefunded> {}

    public record CardRefunded() implements Success {}

    public record BookCourier(String orderId, String address) implements Command<BookCourierReply> {}

    public sealed interface BookCourierReply extends Reply {}

    public record CourierBooked(String day) implements BookCourierReply, Success {}

    public record NoCourier(String why) implements BookCourierReply, Rejection {}
}
