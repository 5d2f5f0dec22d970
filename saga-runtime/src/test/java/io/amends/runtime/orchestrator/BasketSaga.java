package io.amends.runtime.orchestrator;

import io.amends.runtime.Orders.ReserveStock;
import io.amends.runtime.Orders.StockReserved;
import io.amends.saga.OnReply;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import java.util.ArrayList;
import java.util.List;

/** Its data changes in place. */
@Saga(name = "fill-basket")
class BasketSaga {

    /** Not a record: a class with a setter and a list. */
    static final class Basket {

        private String shelf = "";
        private List<String> notes = new ArrayList<>();

        public String getShelf() {
            return shelf;
        }

        public void setShelf(String shelf) {
            this.shelf = shelf;
        }

        public List<String> getNotes() {
            return notes;
        }

        public void setNotes(List<String> notes) {
            this.notes = notes;
        }
    }

    @SagaStep(order = 1, name = "reserve-stock", kind = StepKind.PIVOT, participant = "warehouse")
    ReserveStock reserve(Basket basket) {
        return new ReserveStock("basket", "book", 1);
    }

    @OnReply(to = "reserve-stock")
    void reserved(Basket basket, StockReserved reply) {
        basket.setShelf(reply.shelf());
        basket.getNotes().add("reserved");
        if (reply.shelf().equals(PlaceOrderSaga.SHELF_THAT_THROWS)) {
            throw new IllegalStateException("no such shelf");
        }
    }

    @SagaStep(order = 2, name = "note", kind = StepKind.RETRIABLE)
    void note(Basket basket) {
        basket.getNotes().add("noted");
    }
}
