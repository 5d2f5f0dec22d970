package io.amends.spring.boot.test.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.when;

import io.amends.runtime.Sagas;
import io.amends.runtime.StartedSaga;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.SagaPhase;
import io.amends.spring.boot.test.SagaDriver;
import io.amends.spring.boot.test.SagaTest;
import io.amends.spring.boot.test.shop.Messages.OutOfStock;
import io.amends.spring.boot.test.shop.Messages.TakeFromStock;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

@SagaTest
class MockedParticipantTest {

    @MockitoBean
    Mails mails;

    @MockitoBean
    Warehouse warehouse;

    @Test
    void a_participant_may_be_a_mock(@Autowired Sagas sagas, @Autowired SagaDriver driver) {
        when(warehouse.on(any(TakeFromStock.class))).thenReturn(new OutOfStock("teapot"));
        StartedSaga order = sagas.start(OrderSaga.class, new Order("o-1", "teapot", 2, "ann"), SagaKey.of("o-1"));
        driver.settle();
        assertThat(driver.saga(order).phase()).isEqualTo(SagaPhase.COMPENSATED);
    }
}
