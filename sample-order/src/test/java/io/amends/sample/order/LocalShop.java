package io.amends.sample.order;

import org.springframework.boot.builder.SpringApplicationBuilder;

/** The shop on embedded servers: {@code mvn spring-boot:test-run}. */
class LocalShop {

    public static void main(String[] args) {
        new SpringApplicationBuilder(OrderApplication.class)
                .properties(EmbeddedServers.properties())
                .run(args);
    }
}
