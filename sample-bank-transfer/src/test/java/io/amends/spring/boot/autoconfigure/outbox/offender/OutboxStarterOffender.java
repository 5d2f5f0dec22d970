package io.amends.spring.boot.autoconfigure.outbox.offender;

import io.amends.runtime.Sagas;

/** Wrong on purpose, see ModuleArrowsTest: the outbox's starter with sagas. */
record OutboxStarterOffender(Sagas sagas) {}
