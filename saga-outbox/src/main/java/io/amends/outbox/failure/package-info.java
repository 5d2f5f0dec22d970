/** Classifies what went wrong while messages were processed. */
@NullMarked
package io.amends.outbox.failure;

import org.jspecify.annotations.NullMarked;
