/** What keeps trouble small: commands are held while a participant is down or full, starts are slowed or refused. */
@NullMarked
package io.amends.runtime.flow;

import org.jspecify.annotations.NullMarked;
