/** Which way messages go from the outbox to their handlers: over Kafka, or within the application on PostgreSQL alone. */
@NullMarked
package io.amends.spring.boot.autoconfigure.transport;

import org.jspecify.annotations.NullMarked;
