/** All that is known of one saga, and in one sentence why it stands where it stands and what follows. */
@NullMarked
package io.amends.dashboard.instance;

import org.jspecify.annotations.NullMarked;
