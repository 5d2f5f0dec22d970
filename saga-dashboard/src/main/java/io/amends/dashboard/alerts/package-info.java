/** Tells once that a saga got stuck and once that it recovered, whatever number of processes watch. */
@NullMarked
package io.amends.dashboard.alerts;

import org.jspecify.annotations.NullMarked;
