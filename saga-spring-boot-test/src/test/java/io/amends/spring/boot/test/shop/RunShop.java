package io.amends.spring.boot.test.shop;

import io.amends.spring.boot.test.servers.EmbeddedServers;
import org.springframework.boot.SpringApplication;

/** Runs the shop while it is developed: {@code mvn spring-boot:test-run}. */
class RunShop {

    // tag::main[]
    public static void main(String[] args) {
        SpringApplication.from(ShopApplication::main)
                .with(EmbeddedServers.class)
                .run(args);
    }
    // end::main[]
}
