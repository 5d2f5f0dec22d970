/** Carries out commands once: barrier, stored replies, handlers, redelivery. */
@NullMarked
package io.amends.runtime.participant;

import org.jspecify.annotations.NullMarked;
