/** How Amends reaches Kafka: connection settings, the check at the start, topics. */
@NullMarked
package io.amends.spring.boot.autoconfigure.kafka;

import org.jspecify.annotations.NullMarked;
