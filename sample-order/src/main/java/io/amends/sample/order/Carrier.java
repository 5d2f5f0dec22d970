package io.amends.sample.order;

/** A system outside, which no transaction reaches. */
interface Carrier {

    /**
     * Has a parcel picked up. It may be asked again for the same order, after a crash for instance, and must then give the
     * same parcel.
     *
     * @return the parcel's number
     */
    String pickUp(String orderId);
}
