package io.amends.spring.boot.test.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.runtime.Sagas;
import io.amends.runtime.StartedSaga;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.SagaPhase;
import io.amends.spring.boot.test.SagaDriver;
import io.amends.spring.boot.test.SagaTest;
import io.amends.spring.boot.test.shop.Messages.TakeFromStock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

/** Only the saga, whose participants nobody plays. */
@SagaTest(OrderSaga.class)
class SliceOfOneSagaTest {

    @MockitoBean
    Mails mails;

    @Test
    void what_is_not_named_is_not_loaded_and_commands_to_it_stay_unanswered(
            @Autowired ApplicationContext context, @Autowired Sagas sagas, @Autowired SagaDriver driver) {
        StartedSaga order = sagas.start(OrderSaga.class, new Order("o-1", "teapot", 2, "ann"), SagaKey.of("o-1"));
        driver.settle();
        assertThat(context.getBeanNamesForType(Warehouse.class)).isEmpty();
        assertThat(driver.saga(order).phase()).isEqualTo(SagaPhase.RUNNING);
        assertThat(driver.sent(TakeFromStock.class)).containsExactly(new TakeFromStock("o-1", "teapot", 2));
    }

    @Test
    void a_time_that_is_too_short_is_told(@Autowired Sagas sagas, @Autowired SagaDriver driver) {
        sagas.start(OrderSaga.class, new Order("o-1", "teapot", 2, "ann"), SagaKey.of("o-1"));
        assertThatThrownBy(() -> driver.untilQuiet(Duration.ofSeconds(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("After PT1S something was still to be done.");
    }
}
