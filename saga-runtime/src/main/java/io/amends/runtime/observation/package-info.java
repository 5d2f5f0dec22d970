/** What can be seen of sagas while they run: what one message does, what was committed, how many are open, and the keys of log lines. */
@NullMarked
package io.amends.runtime.observation;

import org.jspecify.annotations.NullMarked;
