/** What every implementation of the stores and of the outbox must do, as tests that its author extends. */
@NullMarked
package io.amends.test.conformance;

import org.jspecify.annotations.NullMarked;
