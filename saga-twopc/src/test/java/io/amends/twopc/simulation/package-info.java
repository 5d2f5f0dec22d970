/** Protocols of atomic commitment in virtual time, with crashes, lost messages and partitions that come from a seed. */
@NullMarked
package io.amends.twopc.simulation;

import org.jspecify.annotations.NullMarked;
