package io.amends.interop;

import static io.amends.interop.ShopApplication.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.interop.ShopApplication.Order;
import io.amends.interop.ShopApplication.Orders;
import io.amends.interop.ShopApplication.Parcel;
import io.amends.interop.ShopApplication.Parcels;
import io.amends.outbox.Outbox;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Messages and the changes they tell of, whoever writes those. */
class PersistenceTest {

    private static ConfigurableApplicationContext application;
    private static StatementSpy spy;
    private static Outbox outbox;
    private static Orders orders;
    private static JdbcClient jdbc;
    private static TransactionTemplate transaction;

    @BeforeAll
    static void start() {
        application = Servers.run(ShopApplication.class, "saga.relay.enabled=false");
        spy = application.getBean(StatementSpy.class);
        outbox = application.getBean(Outbox.class);
        orders = application.getBean(Orders.class);
        jdbc = application.getBean(JdbcClient.class);
        PlatformTransactionManager manager = application.getBean(PlatformTransactionManager.class);
        assertThat(manager).isInstanceOf(JpaTransactionManager.class);
        transaction = new TransactionTemplate(manager);
        jdbc.sql("create table orders (id bigint primary key, version int not null)")
                .update();
        jdbc.sql("create table parcel (id bigint generated always as identity primary key, content text)")
                .update();
        jdbc.sql("create table note (text text)").update();
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @BeforeEach
    void oneOrder() {
        jdbc.sql("truncate orders, parcel, note, saga_outbox").update();
        orders.save(new Order(1));
        spy.forget();
    }

    @AfterEach
    void nobodyListens() {
        ShopApplication.onUpdate = null;
    }

    @Test
    void an_entity_is_updated_before_the_message_gets_its_position() {
        transaction.executeWithoutResult(status -> {
            orders.findById(1L).orElseThrow().version++;
            append(outbox, "1");
        });
        assertThat(spy.changes()).containsExactly("update orders", "insert saga_outbox");
        assertThat(keys()).containsExactly("1");
    }

    @Test
    void also_if_it_is_changed_after_the_append() {
        transaction.executeWithoutResult(status -> {
            append(outbox, "1");
            orders.findById(1L).orElseThrow().version++;
        });
        assertThat(spy.changes()).containsExactly("update orders", "insert saga_outbox");
    }

    @Test
    void a_message_of_an_entity_listener_goes_along() {
        ShopApplication.onUpdate = order -> append(outbox, "listener");
        transaction.executeWithoutResult(status -> {
            orders.findById(1L).orElseThrow().version++;
            append(outbox, "service");
        });
        assertThat(spy.changes()).containsExactly("update orders", "insert saga_outbox");
        assertThat(keys()).containsExactly("service", "listener");
    }

    @Test
    void if_that_is_the_transactions_first_message_nothing_commits_and_nothing_is_lost() {
        ShopApplication.onUpdate = order -> append(outbox, "listener");
        assertThatThrownBy(() -> transaction.executeWithoutResult(
                        status -> orders.findById(1L).orElseThrow().version++))
                .hasMessageContaining("already committing");
        assertThat(orders.findById(1L).orElseThrow().version).isZero();
        assertThat(keys()).isEmpty();
    }

    @Test
    void jpa_spring_data_jdbc_and_jdbc_client_share_the_transaction_and_its_one_insert() {
        transaction.executeWithoutResult(status -> {
            append(outbox, "early");
            orders.findById(1L).orElseThrow().version++;
            application.getBean(Parcels.class).save(new Parcel(null, "book"));
            jdbc.sql("insert into note values ('hello')").update();
            append(outbox, "late");
        });
        assertThat(spy.changes())
                .containsExactlyInAnyOrder("insert parcel", "insert note", "update orders", "insert saga_outbox")
                .last()
                .isEqualTo("insert saga_outbox");
        assertThat(keys()).containsExactly("early", "late");
    }

    @Test
    void what_jpa_can_not_write_takes_the_messages_along() {
        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> {
                    jdbc.sql("insert into note values ('hello')").update();
                    append(outbox, "1");
                    application.getBean(jakarta.persistence.EntityManager.class).persist(new Order(1));
                }))
                .isInstanceOf(RuntimeException.class);
        assertThat(keys()).isEmpty();
        assertThat(jdbc.sql("select count(*) from note").query(Long.class).single())
                .isZero();
    }

    @Test
    void a_transaction_that_is_rolled_back_leaves_neither() {
        transaction.executeWithoutResult(status -> {
            orders.findById(1L).orElseThrow().version++;
            append(outbox, "1");
            status.setRollbackOnly();
        });
        assertThat(spy.changes()).doesNotContain("update orders");
        assertThat(keys()).isEmpty();
    }

    private static List<String> keys() {
        return jdbc.sql("select aggregateid from saga_outbox order by position")
                .query(String.class)
                .list();
    }
}
