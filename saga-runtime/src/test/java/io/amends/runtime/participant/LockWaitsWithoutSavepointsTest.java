package io.amends.runtime.participant;

import org.junit.jupiter.api.BeforeEach;

/** All that is true of commands that wait for a lock, for a participant that has not rejected anything for a while. */
class LockWaitsWithoutSavepointsTest extends LockWaitsTest {

    @BeforeEach
    void be_clean() {
        rejectNothingForAWhile();
    }

    @Override
    void however_many_of_a_poll_wait_they_are_put_aside_in_as_many_statements(int size) {
        // Not a test here: the undone run comes on top.
    }
}
