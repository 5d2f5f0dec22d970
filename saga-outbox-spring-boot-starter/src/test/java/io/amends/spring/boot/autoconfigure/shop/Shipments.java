package io.amends.spring.boot.autoconfigure.shop;

import io.amends.outbox.inbox.IdempotentListener;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Takes records as they are, through a proxy that Spring made. */
@Component
class Shipments {

    private final JdbcClient jdbc;

    Shipments(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Transactional
    @IdempotentListener(consumer = "${shop.shipments:shipments}", topics = "shop.orders", group = "shop-shipments")
    void on(ConsumerRecord<byte[], byte[]> record, UUID messageId, Headers headers) {
        jdbc.sql("insert into shipment (message_id, payload, headers) values (?, ?, ?)")
                .params(messageId, Objects.requireNonNull(record.value()), headers.toArray().length)
                .update();
    }
}
