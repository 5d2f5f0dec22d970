/** The console from a terminal: asks its REST API, prints tables or JSON, and ends with a code that scripts can use. */
@NullMarked
package io.amends.cli;

import org.jspecify.annotations.NullMarked;
