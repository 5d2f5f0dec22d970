/** The sample's tables and statements, and the roles of the sagas that use them. */
@NullMarked
package io.amends.benchmarks.twopc.bank;

import org.jspecify.annotations.NullMarked;
