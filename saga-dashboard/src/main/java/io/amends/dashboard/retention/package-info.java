/** Removes what the console noted long ago: lines of the audit, runs, alerts. */
@NullMarked
package io.amends.dashboard.retention;

import org.jspecify.annotations.NullMarked;
