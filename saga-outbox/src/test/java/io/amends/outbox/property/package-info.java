/** The outbox's promises as one property, held against real servers, real processes and chance; and relays that break it. */
@NullMarked
package io.amends.outbox.property;

import org.jspecify.annotations.NullMarked;
