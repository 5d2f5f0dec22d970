package io.amends.test.conformance;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What the suites share.
 *
 * @param <F> what a suite needs of a store
 */
abstract class Conformance<F extends StoreFixture> {

    F on;
    Transactions transactions;

    /** The store under test and what belongs to it, empty; asked for once before each test. */
    protected abstract F fixture();

    @BeforeEach
    void openFixture() {
        on = fixture();
        transactions = new Transactions(on.transactions());
    }

    @AfterEach
    void closeFixture() {
        on.close();
    }
}
