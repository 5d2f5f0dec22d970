/** Which versions of definitions are in use, who can run them, and which can be taken away. */
@NullMarked
package io.amends.dashboard.versions;

import org.jspecify.annotations.NullMarked;
