package io.amends.runtime.participant;

import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;

/** All that is true of semantic locks, for a participant that has not rejected anything for a while. */
class SemanticLocksWithoutSavepointsTest extends SemanticLocksTest {

    @BeforeEach
    void be_clean() {
        IntStream.range(0, Savepoints.CLEAN_RUN)
                .forEach(i -> deliver(book("clean " + i, Theatre.Patience.NONE, "z" + i)));
        database.clear();
        bench.watch.forget();
    }

    @Override
    void however_many_of_a_poll_wait_they_are_put_aside_in_as_many_statements(int size) {
        // Not a test here: the undone run comes on top.
    }
}
