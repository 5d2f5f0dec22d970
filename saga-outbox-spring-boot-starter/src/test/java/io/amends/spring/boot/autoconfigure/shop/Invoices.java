package io.amends.spring.boot.autoconfigure.shop;

import io.amends.outbox.inbox.IdempotentListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class Invoices {

    private final JdbcClient jdbc;

    Invoices(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @IdempotentListener(consumer = "invoices", topics = "shop.orders")
    void on(OrderPlaced order) {
        if (order.amount() < 0) {
            throw new IllegalArgumentException("order " + order.orderId() + " has a negative amount");
        }
        jdbc.sql("insert into invoice (order_id, customer, amount) values (?, ?, ?)")
                .params(order.orderId(), order.customer(), order.amount())
                .update();
    }
}
