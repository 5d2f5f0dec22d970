package io.amends.spring.boot.test.servers;

import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * A real PostgreSQL and a real Kafka broker for an application, without an installation or containers: no property says
 * where they are, as with Spring Boot's service connections. In a test, {@code @Import(EmbeddedServers.class)}; in a main
 * method of the tests, for {@code spring-boot:test-run}:
 *
 * <pre>{@code
 * SpringApplication.from(ShopApplication::main).with(EmbeddedServers.class).run(args);
 * }</pre>
 *
 * <p>Each context has an empty database, on a server that all contexts of the JVM share, and a broker of its own, so that
 * no context reads what another one sent. Both are gone when the JVM ends.
 */
@Configuration(proxyBeanMethods = false)
@Import({EmbeddedServers.Postgres.class, EmbeddedServers.Kafka.class})
public class EmbeddedServers {

    /** The database alone. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(JdbcConnectionDetails.class)
    public static class Postgres {

        @Bean
        JdbcConnectionDetails embeddedPostgresConnectionDetails() {
            EmbeddedPostgresServer server = Shared.SERVER;
            return new Database(server.freshDatabase(), server.username(), server.password());
        }
    }

    /** The broker alone. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(KafkaConnectionDetails.class)
    public static class Kafka {

        @Bean
        EmbeddedKafkaBroker embeddedKafkaBroker() {
            EmbeddedKafkaBroker broker = EmbeddedKafkaBroker.start();
            // The context closes it, after everything that still writes to it.
            broker.stopOnlyWhenClosed();
            return broker;
        }

        @Bean
        KafkaConnectionDetails embeddedKafkaConnectionDetails(EmbeddedKafkaBroker broker) {
            return new KafkaConnectionDetails() {
                @Override
                public List<String> getBootstrapServers() {
                    return List.of(broker.bootstrapServers());
                }
            };
        }
    }

    private static final class Shared {

        static final EmbeddedPostgresServer SERVER = start();

        /** Contexts still write while they are closed, so the server stops after them. */
        private static EmbeddedPostgresServer start() {
            EmbeddedPostgresServer server = EmbeddedPostgresServer.shared();
            server.stopOnlyWhenClosed();
            SpringApplication.getShutdownHandlers().add(server::close);
            return server;
        }
    }

    private record Database(String url, String user, String word) implements JdbcConnectionDetails {

        @Override
        public String getUsername() {
            return user;
        }

        @Override
        public String getPassword() {
            return word;
        }

        @Override
        public String getJdbcUrl() {
            return url;
        }
    }
}
