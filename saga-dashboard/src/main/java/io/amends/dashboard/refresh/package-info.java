/** What open pages ask again and again by themselves, and what that may cost the database. */
@NullMarked
package io.amends.dashboard.refresh;

import org.jspecify.annotations.NullMarked;
