package io.amends.test.postgres.offender;

import io.amends.outbox.Outbox;
import java.util.Optional;

/** Wrong on purpose, see ModuleArrowsTest: saga-embedded with another module. */
class EmbeddedOffender {

    final Optional<Outbox> outbox = Optional.empty();
}
