package io.amends.spring.boot.autoconfigure.orders;

import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The shop on real servers. */
final class Servers {

    private Servers() {}

    /** Later properties, as {@code --name=value}, take the place of earlier ones. */
    static ConfigurableApplicationContext run(String databaseUrl, String... more) {
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.shared();
        Map<String, Object> properties = new HashMap<>();
        properties.put("shop.bank", "bank");
        properties.put("saga.topics.partitions", "2");
        properties.put("spring.main.banner-mode", "off");
        properties.put("spring.datasource.url", databaseUrl);
        properties.put("spring.datasource.username", postgres.username());
        properties.put("spring.datasource.password", postgres.password());
        properties.put(
                "spring.kafka.bootstrap-servers", EmbeddedKafkaBroker.shared().bootstrapServers());
        return new SpringApplicationBuilder(OrderApplication.class)
                .properties(properties)
                .run(more);
    }
}
