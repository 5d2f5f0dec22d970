/** Fuzz tests of what reads messages and definitions. */
@NullMarked
package io.amends.fuzz;

import org.jspecify.annotations.NullMarked;
