/** Which sagas are stuck, since when, for which reason, and what an operator can do about it. */
@NullMarked
package io.amends.dashboard.stuck;

import org.jspecify.annotations.NullMarked;
