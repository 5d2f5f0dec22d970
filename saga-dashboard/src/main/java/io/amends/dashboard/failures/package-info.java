/** Stuck sagas of the same kind of failure as one line, and what operators wrote down about them. */
@NullMarked
package io.amends.dashboard.failures;

import org.jspecify.annotations.NullMarked;
