/** Stores sagas and moves them on: starts, replies, local steps, hooks. */
@NullMarked
package io.amends.runtime.orchestrator;

import org.jspecify.annotations.NullMarked;
