/** The pure state machine of a saga: state and event in, new state and effects out, without clock, I/O or chance. */
@NullMarked
package io.amends.saga.engine;

import org.jspecify.annotations.NullMarked;
