/** Finds methods with {@code @IdempotentListener} and feeds them from Kafka. */
@NullMarked
package io.amends.spring.boot.autoconfigure.inbox;

import org.jspecify.annotations.NullMarked;
