/** Work that is done again and again, on a thread of its own. */
@NullMarked
package io.amends.runtime.rounds;

import org.jspecify.annotations.NullMarked;
