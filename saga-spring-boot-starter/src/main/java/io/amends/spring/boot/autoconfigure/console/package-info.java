/** Auto-configuration of the console, where saga-dashboard is on the class path and the console is switched on. */
@NullMarked
package io.amends.spring.boot.autoconfigure.console;

import org.jspecify.annotations.NullMarked;
