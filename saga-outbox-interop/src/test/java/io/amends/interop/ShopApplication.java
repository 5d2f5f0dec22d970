package io.amends.interop;

import io.amends.outbox.Outbox;
import io.amends.outbox.OutboxMessage;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.PostUpdate;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.data.annotation.Id;
import org.springframework.data.jdbc.repository.config.EnableJdbcRepositories;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.data.relational.core.mapping.Table;
import org.springframework.data.repository.ListCrudRepository;

/** Orders by JPA, parcels by Spring Data JDBC, notes by JdbcClient. */
@SpringBootConfiguration
@EnableAutoConfiguration
@EnableJpaRepositories(considerNestedRepositories = true)
@EnableJdbcRepositories(considerNestedRepositories = true)
class ShopApplication {

    /** Runs when an order was updated; a test says what it does. */
    static @Nullable Consumer<Order> onUpdate;

    @Bean
    static StatementSpy statementSpy() {
        return new StatementSpy();
    }

    @Entity(name = "orders")
    @EntityListeners(OrderListener.class)
    static class Order {
        @jakarta.persistence.Id
        long id;

        int version;

        protected Order() {}

        Order(long id) {
            this.id = id;
        }
    }

    static class OrderListener {
        @PostUpdate
        void updated(Order order) {
            Consumer<Order> listener = onUpdate;
            if (listener != null) {
                listener.accept(order);
            }
        }
    }

    interface Orders extends JpaRepository<Order, Long> {}

    @Table("parcel")
    record Parcel(@Id @Nullable Long id, String content) {}

    interface Parcels extends ListCrudRepository<Parcel, Long> {}

    static void append(Outbox outbox, String key) {
        outbox.append(new OutboxMessage(UUID.randomUUID(), "shop", key, "changed", new byte[] {1}, Map.of()));
    }
}
