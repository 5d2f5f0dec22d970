/** Who may do what in the console, and what nobody sees without asking for it. */
@NullMarked
package io.amends.dashboard.access;

import org.jspecify.annotations.NullMarked;
