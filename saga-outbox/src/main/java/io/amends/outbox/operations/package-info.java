/** What operators see of the outbox, and what they may do about parked records. */
@NullMarked
package io.amends.outbox.operations;

import org.jspecify.annotations.NullMarked;
