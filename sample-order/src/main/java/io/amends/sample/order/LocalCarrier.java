package io.amends.sample.order;

import org.springframework.stereotype.Component;

/** Stands for a carrier's interface: a parcel's number follows from the order's, so a repeat gives the same. */
@Component
class LocalCarrier implements Carrier {

    @Override
    public String pickUp(String orderId) {
        return "P-" + orderId;
    }
}
