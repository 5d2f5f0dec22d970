package io.amends.sample.order;

import io.amends.spring.boot.test.servers.EmbeddedServers;
import org.springframework.boot.SpringApplication;

/** The shop on embedded servers: {@code mvn spring-boot:test-run}. */
class LocalShop {

    public static void main(String[] args) {
        SpringApplication.from(OrderApplication::main)
                .with(EmbeddedServers.class)
                .run(args);
    }
}
