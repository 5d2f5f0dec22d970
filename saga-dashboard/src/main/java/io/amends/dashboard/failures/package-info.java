/** Stuck sagas of the same kind of failure as one line. */
@NullMarked
package io.amends.dashboard.failures;

import org.jspecify.annotations.NullMarked;
