/** Says in one breath why an application with Amends did not start, and what to do. */
@NullMarked
package io.amends.spring.boot.autoconfigure.diagnostics;

import org.jspecify.annotations.NullMarked;
