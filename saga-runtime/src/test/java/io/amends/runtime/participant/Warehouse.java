package io.amends.runtime.participant;

import io.amends.runtime.Orders.OutOfStock;
import io.amends.runtime.Orders.ReleaseStock;
import io.amends.runtime.Orders.ReserveStock;
import io.amends.runtime.Orders.ReserveStockReply;
import io.amends.runtime.Orders.StockReleased;
import io.amends.runtime.Orders.StockReserved;
import io.amends.saga.CommandHandler;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.jdbc.core.JdbcOperations;

/** Notes moves of stock. More than 100 of an item are never in stock, which it finds out after it has written. */
final class Warehouse {

    private final JdbcOperations jdbc;
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Map<String, Runnable> surprises = new ConcurrentHashMap<>();

    Warehouse(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** Which handler ran for which order, in order. */
    List<String> calls() {
        return List.copyOf(calls);
    }

    void forget() {
        calls.clear();
    }

    /** Happens in the handlers of that order, after they have written. */
    void surprise(String orderId, Runnable what) {
        surprises.put(orderId, what);
    }

    void noSurprise(String orderId) {
        surprises.remove(orderId);
    }

    @CommandHandler
    ReserveStockReply reserve(ReserveStock command) {
        move("reserve", command.orderId(), command.item(), -command.amount());
        return command.amount() > 100 ? new OutOfStock(100) : new StockReserved("shelf " + calls.size());
    }

    @CommandHandler
    StockReleased release(ReleaseStock command) {
        move("release", command.orderId(), command.item(), command.amount());
        return new StockReleased(command.amount());
    }

    private void move(String what, String orderId, String item, int amount) {
        calls.add(what + " " + orderId);
        jdbc.update("insert into stock_move (order_id, item, amount) values (?, ?, ?)", orderId, item, amount);
        surprises.getOrDefault(orderId, () -> {}).run();
    }
}
