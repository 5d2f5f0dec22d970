package io.amends.test.conformance;

import java.time.Duration;

/** A store that goes by a clock of its own. */
public interface ClockedFixture extends StoreFixture {

    /**
     * Lets time pass by the store's clock. Where that clock can't be moved, as in a database, every time that is stored
     * is moved back by as much, which is the same. The suite asks for minutes and tolerates seconds.
     */
    void timePasses(Duration duration);
}
