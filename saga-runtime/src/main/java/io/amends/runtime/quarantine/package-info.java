/** Keeps incoming messages that nobody can handle: raw, with a reason. */
@NullMarked
package io.amends.runtime.quarantine;

import org.jspecify.annotations.NullMarked;
