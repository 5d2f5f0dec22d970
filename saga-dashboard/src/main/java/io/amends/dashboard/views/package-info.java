/** Searches that people keep under a name, for themselves or for all. */
@NullMarked
package io.amends.dashboard.views;

import org.jspecify.annotations.NullMarked;
