/** What signatures and encryption cost, for each message. */
@NullMarked
package io.amends.benchmarks.protection;

import org.jspecify.annotations.NullMarked;
