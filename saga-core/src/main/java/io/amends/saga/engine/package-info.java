/** The pure state machine of a saga: state and event in, new state and effects out. No clock, no I/O, no chance. */
@NullMarked
package io.amends.saga.engine;

import org.jspecify.annotations.NullMarked;
