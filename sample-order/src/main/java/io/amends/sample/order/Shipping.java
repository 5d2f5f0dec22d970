package io.amends.sample.order;

import io.amends.saga.CommandHandler;
import io.amends.saga.SagaParticipant;
import io.amends.sample.order.Messages.OrderShipped;
import io.amends.sample.order.Messages.ShipOrder;

/** Hands parcels to a carrier. What the carrier throws is technical trouble: the command is tried again. */
@SagaParticipant("shipping")
class Shipping {

    private final Carrier carrier;

    Shipping(Carrier carrier) {
        this.carrier = carrier;
    }

    @CommandHandler
    OrderShipped on(ShipOrder command) {
        return new OrderShipped(carrier.pickUp(command.orderId()));
    }
}
