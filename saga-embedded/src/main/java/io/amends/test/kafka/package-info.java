/** A real Kafka broker inside a test or demo. */
@NullMarked
package io.amends.test.kafka;

import org.jspecify.annotations.NullMarked;
