/** What of two-phase commit is in doubt, where the application coordinates any. */
@NullMarked
package io.amends.dashboard.twopc;

import org.jspecify.annotations.NullMarked;
