/** Tells once that a saga, a message or a branch got stuck and once that it is not any longer, whatever number of processes watch. */
@NullMarked
package io.amends.dashboard.alerts;

import org.jspecify.annotations.NullMarked;
