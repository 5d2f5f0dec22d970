package io.amends.runtime.participant;

import org.junit.jupiter.api.BeforeEach;

/** All that is true of semantic locks, for a participant that has not rejected anything for a while. */
class SemanticLocksWithoutSavepointsTest extends SemanticLocksTest {

    @BeforeEach
    void be_clean() {
        rejectNothingForAWhile();
    }
}
