package io.amends.saga.offender;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wrong on purpose, see ModuleArrowsTest: saga-core with a library, without a package-info. */
class SagaOffender {

    final Logger log = LoggerFactory.getLogger(SagaOffender.class);
}
