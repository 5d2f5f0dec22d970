package io.amends.alone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.verify;

import io.amends.alone.ShopApplication.Effects;
import io.amends.alone.ShopApplication.HastyOrderSaga;
import io.amends.alone.ShopApplication.Order;
import io.amends.runtime.Sagas;
import io.amends.runtime.StartedSaga;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.SagaPhase;
import io.amends.spring.boot.test.SagaDriver;
import io.amends.spring.boot.test.SagaTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

/** The slice without any class of Kafka's. */
@SagaTest
class SliceAloneTest {

    @MockitoBean
    Effects effects;

    @Autowired
    Sagas sagas;

    @Autowired
    SagaDriver driver;

    @Test
    void sagas_and_participants_of_the_application_talk_to_each_other() {
        StartedSaga order = start(new Order("a", 5, "bank"));
        driver.settle();
        assertThat(driver.saga(order).phase()).isEqualTo(SagaPhase.COMPLETED);
        verify(effects).note("paid", "a");
    }

    @Test
    void a_deadline_comes_when_the_test_says_so() {
        StartedSaga order = start(new Order("cursed", 5, "bank"));
        driver.advance(Duration.ofSeconds(4));
        assertThat(driver.saga(order).phase()).isEqualTo(SagaPhase.COMPENSATED);
    }

    private StartedSaga start(Order order) {
        return sagas.start(HastyOrderSaga.class, order, SagaKey.of(order.id()));
    }
}
