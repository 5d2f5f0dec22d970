package io.amends.spring.boot.autoconfigure.shop;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** An application with outbox, relay and inbox, and without a saga: the example of docs/outbox.md. */
@SpringBootApplication
class ShopApplication {}
