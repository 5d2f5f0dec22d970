package io.amends.alone;

import static org.awaitility.Awaitility.await;

import io.amends.alone.ShopApplication.HastyOrderSaga;
import io.amends.alone.ShopApplication.Order;
import io.amends.alone.ShopApplication.OrderSaga;
import io.amends.outbox.Outbox;
import io.amends.outbox.OutboxMessage;
import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.Sagas;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.SagaPhase;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The shop's processes on one database, and a look at what they did. */
final class Shop implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final EmbeddedPostgresServer SERVER = EmbeddedPostgresServer.shared();

    private final String database = SERVER.freshDatabase();
    private final List<ConfigurableApplicationContext> running = new ArrayList<>();
    final JdbcClient jdbc =
            JdbcClient.create(new DriverManagerDataSource(database, SERVER.username(), SERVER.password()));

    Shop() {
        try (Connection connection = DriverManager.getConnection(database, SERVER.username(), SERVER.password());
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    create table effect (position bigint generated always as identity, what text, about text)""");
        } catch (SQLException trouble) {
            throw new IllegalStateException(trouble);
        }
    }

    /** What every process of the shop is told. */
    List<String> arguments(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--spring.datasource.url=" + database,
                "--spring.datasource.username=" + SERVER.username(),
                "--spring.datasource.password=" + SERVER.password()));
        arguments.addAll(Arrays.asList(more));
        return arguments;
    }

    /** Another process, but in this JVM. */
    ConfigurableApplicationContext start(String... more) {
        return start(ShopApplication.class, more);
    }

    /** A process of that application. */
    ConfigurableApplicationContext start(Class<?> application, String... more) {
        ConfigurableApplicationContext started =
                new SpringApplicationBuilder(application).run(arguments(more).toArray(String[]::new));
        running.add(started);
        return started;
    }

    static void order(ConfigurableApplicationContext process, Order order) {
        process.getBean(Sagas.class).start(OrderSaga.class, order, SagaKey.of(order.id()));
    }

    /** An order whose saga has a deadline of three seconds. */
    static void hurry(ConfigurableApplicationContext process, Order order) {
        process.getBean(Sagas.class).start(HastyOrderSaga.class, order, SagaKey.of(order.id()));
    }

    static void order(ConfigurableApplicationContext process, String id, int price) {
        order(process, new Order(id, price, "bank"));
    }

    /** Appends the texts in one transaction. */
    static void tell(ConfigurableApplicationContext process, String topic, String key, String... texts) {
        Outbox outbox = process.getBean(Outbox.class);
        new TransactionTemplate(process.getBean(PlatformTransactionManager.class)).executeWithoutResult(status -> {
            for (String text : texts) {
                outbox.append(new OutboxMessage(
                        UUID.randomUUID(), topic, key, "told", text.getBytes(StandardCharsets.UTF_8), Map.of()));
            }
        });
    }

    static SagaPhase phase(ConfigurableApplicationContext process, String id) {
        return process.getBean(Sagas.class)
                .find("order", SagaKey.of(id))
                .map(SagaSnapshot::phase)
                .orElseThrow();
    }

    static void awaitPhase(ConfigurableApplicationContext process, String id, SagaPhase phase) {
        await().atMost(PATIENCE).until(() -> phase(process, id) == phase);
    }

    /** All sagas have ended and all messages are handled. */
    void awaitQuiet() {
        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        count("select count(*) from saga_instance where phase not in ('COMPLETED', 'COMPENSATED')") == 0
                                && count("select count(*) from saga_outbox_pending") == 0);
    }

    long count(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }

    /** What that was done about, in order. */
    List<String> effects(String what) {
        return jdbc.sql("select about from effect where what = ? order by position")
                .param(what)
                .query(String.class)
                .list();
    }

    /** How many things were done more than once. */
    List<String> repeated() {
        return jdbc.sql("select what || ' ' || about from effect group by what, about having count(*) > 1")
                .query(String.class)
                .list();
    }

    @Override
    public void close() {
        running.forEach(ConfigurableApplicationContext::close);
    }
}
