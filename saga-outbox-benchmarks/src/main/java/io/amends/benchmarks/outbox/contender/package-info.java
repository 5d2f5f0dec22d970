/** The outboxes that are compared, each set up as its own documentation advises. */
@NullMarked
package io.amends.benchmarks.outbox.contender;

import org.jspecify.annotations.NullMarked;
