package io.amends.sample.order;

import io.amends.runtime.SagaKeyConflictException;
import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.Sagas;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.SagaPhase;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Takes orders and tells how they stand. */
@RestController
class OrderController {

    private final Sagas sagas;

    OrderController(Sagas sagas) {
        this.sagas = sagas;
    }

    record NewOrder(String customer, String article, int pieces, long cents) {}

    record OrderView(String id, SagaPhase phase, String outcome) {

        static OrderView of(SagaSnapshot saga) {
            Order order = (Order) saga.data();
            return new OrderView(order.id(), saga.phase(), order.outcome());
        }
    }

    @PutMapping("/orders/{id}")
    @ResponseStatus(HttpStatus.ACCEPTED)
    void place(@PathVariable String id, @RequestBody NewOrder order) {
        Order first = new Order(id, order.customer(), order.article(), order.pieces(), order.cents(), "");
        sagas.start(OrderSaga.class, first, SagaKey.of(id));
    }

    @GetMapping("/orders/{id}")
    OrderView show(@PathVariable String id) {
        return sagas.find("order", SagaKey.of(id))
                .map(OrderView::of)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    @ExceptionHandler
    @ResponseStatus(HttpStatus.CONFLICT)
    void anotherOrderHasThatId(SagaKeyConflictException conflict) {}
}
