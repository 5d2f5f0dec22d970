/** The transactional outbox: appends messages in the transaction that changes the data they tell of. */
@NullMarked
package io.amends.outbox;

import org.jspecify.annotations.NullMarked;
