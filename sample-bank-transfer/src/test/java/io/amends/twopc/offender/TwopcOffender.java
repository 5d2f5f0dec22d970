package io.amends.twopc.offender;

import io.amends.dashboard.stuck.Severity;
import io.amends.saga.SagaKey;
import java.util.List;

/** Wrong on purpose, see ModuleArrowsTest: two-phase commit with a saga in it, and with what operators see. */
class TwopcOffender {

    final List<SagaKey> keys = List.of(SagaKey.of("a"));

    final Severity severity = Severity.HIGH;
}
