package io.amends.spring.boot.test.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.SagaQuery;
import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.Sagas;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.SagaPhase;
import io.amends.spring.boot.test.SagaDriver;
import io.amends.spring.boot.test.SagaTest;
import io.amends.test.simulation.Faults;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

@SagaTest(properties = "saga.test.seed=42")
@Import({OrderSagaTest.StockInMemory.class, OrderSagaTest.Payments.class})
class OrdersAmidFaultsTest {

    // tag::faults[]
    @TestConfiguration(proxyBeanMethods = false)
    static class Chaos {

        @Bean
        Faults faults() {
            return Faults.some();
        }
    }
    // end::faults[]

    @MockitoBean
    Mails mails;

    @Test
    void no_piece_gets_lost_whatever_goes_wrong(
            @Autowired Sagas sagas, @Autowired SagaDriver driver, @Autowired Stock stock) {
        stock.set("teapot", 5);
        for (int i = 1; i <= 4; i++) {
            sagas.start(OrderSaga.class, new Order("o-" + i, "teapot", 2, "ann"), SagaKey.of("o-" + i));
        }
        driver.run(400);
        driver.heal();
        driver.untilQuiet(Duration.ofDays(1));

        assertThat(driver.simulation().faultsThatStruck()).isNotEmpty();
        List<SagaPhase> phases =
                sagas.search(SagaQuery.all()).stream().map(SagaSnapshot::phase).toList();
        assertThat(phases).hasSize(4).containsOnly(SagaPhase.COMPLETED, SagaPhase.COMPENSATED);
        assertThat(stock.pieces("teapot")).isEqualTo(5 - 2 * Collections.frequency(phases, SagaPhase.COMPLETED));
    }
}
