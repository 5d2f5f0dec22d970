package io.amends.test.offender;

import io.amends.spring.boot.autoconfigure.runtime.SagaProperties;
import java.util.Optional;

/** Wrong on purpose, see ModuleArrowsTest: saga-test with the starter. */
class TestOffender {

    final Optional<SagaProperties> properties = Optional.empty();
}
