package io.amends.test.conformance;

import org.springframework.transaction.PlatformTransactionManager;

/** What a suite needs besides what it tests. Made anew for each test, over a store that is empty. */
public interface StoreFixture {

    /** The transactions that the store takes part in; nested ones, by savepoints, are needed too. */
    PlatformTransactionManager transactions();

    /** Is called after each test. */
    default void close() {}
}
