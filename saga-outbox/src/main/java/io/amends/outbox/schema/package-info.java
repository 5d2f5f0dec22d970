/** Creates and checks the library's tables. */
@NullMarked
package io.amends.outbox.schema;

import org.jspecify.annotations.NullMarked;
