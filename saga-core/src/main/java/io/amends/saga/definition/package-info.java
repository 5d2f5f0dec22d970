/** The immutable definition of a saga, the two ways to make one, and the rules that it must keep. */
@NullMarked
package io.amends.saga.definition;

import org.jspecify.annotations.NullMarked;
