package io.amends.interop;

import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts applications on real servers. */
final class Servers {

    private Servers() {}

    /** The application on an own database. */
    static ConfigurableApplicationContext run(Class<?> application, String... properties) {
        EmbeddedPostgresServer server = EmbeddedPostgresServer.shared();
        List<String> all = new ArrayList<>(List.of(
                "spring.main.banner-mode=off",
                "spring.datasource.url=" + server.freshDatabase(),
                "spring.datasource.username=" + server.username(),
                "spring.datasource.password=" + server.password(),
                "spring.kafka.bootstrap-servers=" + EmbeddedKafkaBroker.shared().bootstrapServers(),
                "spring.kafka.consumer.auto-offset-reset=earliest",
                "spring.jpa.hibernate.ddl-auto=none"));
        all.addAll(Arrays.asList(properties));
        return new SpringApplicationBuilder(application)
                .properties(all.toArray(String[]::new))
                .run();
    }

    /** A name that no topic has. */
    static String topic(String purpose) {
        return purpose + "-" + UUID.randomUUID();
    }

    /** With one partition. */
    static void createTopic(String name) {
        try (Admin admin = Admin.create(
                Map.of("bootstrap.servers", EmbeddedKafkaBroker.shared().bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get();
        } catch (InterruptedException | ExecutionException trouble) {
            throw new IllegalStateException("Topic " + name + " can't be made", trouble);
        }
    }
}
