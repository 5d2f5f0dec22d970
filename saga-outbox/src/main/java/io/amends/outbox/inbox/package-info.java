/** Recognises messages that a consumer has taken before. */
@NullMarked
package io.amends.outbox.inbox;

import org.jspecify.annotations.NullMarked;
