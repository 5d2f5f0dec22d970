/** Those that are compared, each behind the same interface, and the load on them. */
@NullMarked
package io.amends.benchmarks.twopc.contender;

import org.jspecify.annotations.NullMarked;
