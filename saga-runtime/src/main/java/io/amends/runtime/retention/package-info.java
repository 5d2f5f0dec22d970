/** Removes what the tables of sagas and participants have kept for long enough. */
@NullMarked
package io.amends.runtime.retention;

import org.jspecify.annotations.NullMarked;
