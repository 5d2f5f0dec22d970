/** An application with the console, whose sagas get stuck on demand. */
@NullMarked
package io.amends.dashboard.browser.desk;

import org.jspecify.annotations.NullMarked;
