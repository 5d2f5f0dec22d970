/** Feeds the two shells from the outbox of the same process, where there is no Kafka. */
@NullMarked
package io.amends.runtime.local;

import org.jspecify.annotations.NullMarked;
