/** A bank: accounts, holds and a double-entry ledger of its own. */
@NullMarked
package io.amends.sample.bank;

import org.jspecify.annotations.NullMarked;
