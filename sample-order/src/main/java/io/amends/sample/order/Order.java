package io.amends.sample.order;

/**
 * What the saga knows of an order; it is stored with each step.
 *
 * @param cents the price of all pieces together
 * @param outcome the parcel's number, or why there is none; empty until then
 */
record Order(String id, String customer, String article, int pieces, long cents, String outcome) {

    Order ended(String how) {
        return new Order(id, customer, article, pieces, cents, how);
    }
}
