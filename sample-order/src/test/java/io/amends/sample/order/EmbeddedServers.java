package io.amends.sample.order;

import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.util.Map;

/** A real PostgreSQL and a real Kafka in this JVM; nothing has to be installed. */
final class EmbeddedServers {

    private EmbeddedServers() {}

    static Map<String, Object> properties() {
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.shared();
        return Map.of(
                "spring.datasource.url", postgres.freshDatabase(),
                "spring.datasource.username", postgres.username(),
                "spring.datasource.password", postgres.password(),
                "spring.kafka.bootstrap-servers", EmbeddedKafkaBroker.shared().bootstrapServers());
    }
}
