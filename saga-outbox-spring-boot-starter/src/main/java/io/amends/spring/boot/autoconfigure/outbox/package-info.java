/** Sets up the library's tables, the outbox, the inbox and the relay. */
@NullMarked
package io.amends.spring.boot.autoconfigure.outbox;

import org.jspecify.annotations.NullMarked;
