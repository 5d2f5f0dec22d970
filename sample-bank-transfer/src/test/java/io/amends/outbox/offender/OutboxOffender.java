package io.amends.outbox.offender;

import io.amends.saga.SagaKey;
import java.util.List;

/** Wrong on purpose, see ModuleArrowsTest: the outbox with a saga in it. */
class OutboxOffender {

    final List<SagaKey> keys = List.of(SagaKey.of("a"));
}
