/** Classifies what went wrong while messages were processed. */
@NullMarked
package io.amends.runtime.failure;

import org.jspecify.annotations.NullMarked;
