/** Kafka listener containers that feed orchestrator and participants. */
@NullMarked
package io.amends.runtime.kafka;

import org.jspecify.annotations.NullMarked;
