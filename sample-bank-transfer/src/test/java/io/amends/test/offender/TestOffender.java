package io.amends.test.offender;

import io.amends.outbox.Outbox;
import java.util.Optional;

/** Wrong on purpose, see ModuleArrowsTest: saga-test with another module. */
class TestOffender {

    final Optional<Outbox> outbox = Optional.empty();
}
