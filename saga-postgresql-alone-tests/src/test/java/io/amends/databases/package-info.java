/** A service whose sagas are in another database than the rest of it. */
@NullMarked
package io.amends.databases;

import org.jspecify.annotations.NullMarked;
