/** Work of the console that is done again and again, on a thread of its own. */
@NullMarked
package io.amends.dashboard.rounds;

import org.jspecify.annotations.NullMarked;
