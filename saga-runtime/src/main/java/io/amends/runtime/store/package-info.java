/** What an orchestrator and a participant keep, as interfaces: PostgreSQL implements them, and memory does in tests. */
@NullMarked
package io.amends.runtime.store;

import org.jspecify.annotations.NullMarked;
