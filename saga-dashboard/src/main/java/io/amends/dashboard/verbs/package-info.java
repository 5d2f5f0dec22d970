/** What operators order of one saga, guarded by what they saw, and what truly came of it. */
@NullMarked
package io.amends.dashboard.verbs;

import org.jspecify.annotations.NullMarked;
