/** An application without sagas, participants and listeners. */
@NullMarked
package io.amends.bare;

import org.jspecify.annotations.NullMarked;
