package io.amends.twopc.offender;

import io.amends.saga.SagaKey;
import java.util.List;

/** Wrong on purpose, see ModuleArrowsTest: two-phase commit with a saga in it. */
class TwopcOffender {

    final List<SagaKey> keys = List.of(SagaKey.of("a"));
}
