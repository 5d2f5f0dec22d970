package io.amends.runtime.orchestrator;

/** The data of the tests' sagas. */
record Order(String id, String item, int amount, String note) {

    static Order of(String id) {
        return new Order(id, "book", 1, "");
    }

    Order noting(String text) {
        return new Order(id, item, amount, text);
    }
}
