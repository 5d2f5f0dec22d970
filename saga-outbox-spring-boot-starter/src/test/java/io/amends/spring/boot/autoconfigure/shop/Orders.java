package io.amends.spring.boot.autoconfigure.shop;

import io.amends.outbox.CloudEventMessages;
import io.amends.outbox.Outbox;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

@Service
class Orders {

    private final CloudEventMessages events = CloudEventMessages.from("/shop");
    private final JdbcClient jdbc;
    private final Outbox outbox;
    private final JsonMapper json;

    Orders(JdbcClient jdbc, Outbox outbox, JsonMapper json) {
        this.jdbc = jdbc;
        this.outbox = outbox;
        this.json = json;
    }

    @Transactional
    public void place(String orderId, String customer, int amount) {
        jdbc.sql("insert into orders (id, customer, amount) values (?, ?, ?)")
                .params(orderId, customer, amount)
                .update();
        byte[] event = json.writeValueAsBytes(new OrderPlaced(orderId, customer, amount));
        outbox.append(events.message("shop.orders", customer, "order-placed", "application/json", event));
    }
}
