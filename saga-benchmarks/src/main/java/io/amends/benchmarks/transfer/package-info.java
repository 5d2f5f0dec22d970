/** The transfer, with a saga and without, and the load that keeps a number of them in flight. */
@NullMarked
package io.amends.benchmarks.transfer;

import org.jspecify.annotations.NullMarked;
