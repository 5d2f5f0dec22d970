/** The console's pages: one shell, drawn in the browser from the interface, and the files that it needs. */
@NullMarked
package io.amends.dashboard.pages;

import org.jspecify.annotations.NullMarked;
