package io.amends.spring.boot.test.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;

import io.amends.runtime.Sagas;
import io.amends.runtime.StartedSaga;
import io.amends.saga.CommandHandler;
import io.amends.saga.SagaKey;
import io.amends.saga.SagaParticipant;
import io.amends.saga.engine.SagaPhase;
import io.amends.spring.boot.test.SagaDriver;
import io.amends.spring.boot.test.SagaTest;
import io.amends.spring.boot.test.shop.Messages.CardDeclined;
import io.amends.spring.boot.test.shop.Messages.ChargeCustomer;
import io.amends.spring.boot.test.shop.Messages.Charged;
import io.amends.spring.boot.test.shop.Messages.PaymentReply;
import io.amends.spring.boot.test.shop.Messages.PutBack;
import io.amends.spring.boot.test.shop.Messages.TakeFromStock;
import io.amends.test.memory.MemoryDatabase;
import io.amends.test.memory.MemoryTable;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.transaction.support.TransactionTemplate;

// tag::slice[]
@SagaTest
@Import({OrderSagaTest.StockInMemory.class, OrderSagaTest.Payments.class})
class OrderSagaTest {

    private static final Order ORDER = new Order("o-1", "teapot", 2, "ann");

    @Autowired
    Sagas sagas;

    @Autowired
    SagaDriver driver;

    @Autowired
    Stock stock;

    @Autowired
    Payments payments;

    @MockitoBean
    Mails mails;

    @BeforeEach
    void fill() {
        stock.set("teapot", 5);
        payments.decline = false;
        payments.asked = 0;
    }

    @Test
    void an_order_that_is_paid_is_thanked_for() {
        StartedSaga order = sagas.start(OrderSaga.class, ORDER, SagaKey.of("o-1"));
        driver.settle();
        assertThat(driver.saga(order).phase()).isEqualTo(SagaPhase.COMPLETED);
        assertThat(stock.pieces("teapot")).isEqualTo(3);
        verify(mails).thank("ann");
    }
    // end::slice[]

    @Test
    void a_rejection_undoes_what_the_handler_wrote() {
        StartedSaga order = sagas.start(OrderSaga.class, new Order("o-1", "teapot", 6, "ann"), SagaKey.of("o-1"));
        driver.settle();
        assertThat(driver.saga(order).phase()).isEqualTo(SagaPhase.COMPENSATED);
        assertThat(stock.pieces("teapot")).isEqualTo(5);
        assertThat(driver.sent(ChargeCustomer.class)).isEmpty();
    }

    @Test
    void a_declined_card_puts_the_pieces_back() {
        payments.decline = true;
        StartedSaga order = sagas.start(OrderSaga.class, ORDER, SagaKey.of("o-1"));
        driver.settle();
        assertThat(driver.saga(order).phase()).isEqualTo(SagaPhase.COMPENSATED);
        assertThat(driver.sent(PutBack.class)).containsExactly(new PutBack("o-1", "teapot", 2));
        assertThat(stock.pieces("teapot")).isEqualTo(5);
        verifyNoInteractions(mails);
    }

    // tag::lost[]
    @Test
    void a_command_that_gets_lost_is_sent_again_after_its_timeout() {
        driver.next(ChargeCustomer.class).getsLost();
        StartedSaga order = sagas.start(OrderSaga.class, ORDER, SagaKey.of("o-1"));
        driver.settle();
        assertThat(driver.saga(order).phase()).isEqualTo(SagaPhase.RUNNING);

        driver.advance(Duration.ofSeconds(31));
        assertThat(driver.saga(order).phase()).isEqualTo(SagaPhase.COMPLETED);
        assertThat(driver.sent(ChargeCustomer.class)).hasSize(2);
        assertThat(payments.asked).isEqualTo(1);
    }
    // end::lost[]

    @Test
    void a_message_that_arrives_twice_changes_nothing() {
        driver.next(TakeFromStock.class).arrivesTwice();
        driver.next(Charged.class).arrivesTwice();
        StartedSaga order = sagas.start(OrderSaga.class, ORDER, SagaKey.of("o-1"));
        driver.settle();
        assertThat(driver.saga(order).phase()).isEqualTo(SagaPhase.COMPLETED);
        assertThat(stock.pieces("teapot")).isEqualTo(3);
    }

    @Test
    void a_reply_that_is_late_is_taken_when_it_comes() {
        driver.next(Charged.class).arrivesLate(Duration.ofSeconds(10));
        StartedSaga order = sagas.start(OrderSaga.class, ORDER, SagaKey.of("o-1"));
        driver.advance(Duration.ofSeconds(9));
        assertThat(driver.saga(order).phase()).isEqualTo(SagaPhase.RUNNING);
        driver.advance(Duration.ofSeconds(1));
        assertThat(driver.saga(order).phase()).isEqualTo(SagaPhase.COMPLETED);
        assertThat(driver.sent(ChargeCustomer.class)).hasSize(1);
    }

    @Test
    void who_never_answers_lets_the_saga_get_stuck_until_that_one_is_back() {
        driver.every(ChargeCustomer.class).getsLost();
        StartedSaga order = sagas.start(OrderSaga.class, ORDER, SagaKey.of("o-1"));
        driver.untilQuiet(Duration.ofDays(1));
        assertThat(driver.saga(order).phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(driver.sent(ChargeCustomer.class)).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void a_saga_whose_caller_rolls_back_was_never_started(@Autowired TransactionTemplate transaction) {
        transaction.executeWithoutResult(status -> {
            sagas.start(OrderSaga.class, ORDER, SagaKey.of("o-1"));
            status.setRollbackOnly();
        });
        driver.settle();
        assertThat(sagas.find("order", SagaKey.of("o-1"))).isEmpty();
        assertThat(driver.sent(TakeFromStock.class)).isEmpty();
        assertThatThrownBy(() -> driver.saga("order", SagaKey.of("o-1")))
                .hasMessageContaining("There is no saga order");
    }

    @Test
    void the_application_sees_the_time_that_the_test_lets_pass(@Autowired Clock clock) {
        assertThat(clock.instant()).isEqualTo(driver.now());
        driver.advance(Duration.ofDays(400));
        assertThat(clock.instant()).isEqualTo(driver.now()).isAfter("2031-01-01T00:00:00Z");
    }

    @Test
    void neither_database_nor_broker_nor_other_components_are_there(@Autowired ApplicationContext context) {
        assertThat(context.getBeanNamesForType(DataSource.class)).isEmpty();
        assertThat(context.getBeanDefinitionNames())
                .noneMatch(name -> name.toLowerCase(Locale.ROOT).contains("kafka"))
                .doesNotContain("deliveryNotes");
    }

    // tag::doubles[]
    /** Its table is undone with the transaction, as a real one would be. */
    static class StockInMemory implements Stock {

        private final MemoryTable<String, Integer> pieces;

        StockInMemory(MemoryDatabase database) {
            this.pieces = database.table("stock");
        }

        @Override
        public int pieces(String item) {
            return pieces.get(item).orElse(0);
        }

        @Override
        public void set(String item, int count) {
            pieces.put(item, count);
        }

        @Override
        public int add(String item, int count) {
            int then = pieces.lock(item).orElse(0) + count;
            pieces.put(item, then);
            return then;
        }
    }

    /** Plays the other service. */
    @SagaParticipant("payments")
    static class Payments {

        boolean decline;
        int asked;

        @CommandHandler
        PaymentReply on(ChargeCustomer command) {
            asked++;
            return decline ? new CardDeclined() : new Charged();
        }
    }
    // end::doubles[]
}
