/** The console behind Spring Security: who may come in, and where they log in. Needs Spring Security. */
@NullMarked
package io.amends.dashboard.login;

import org.jspecify.annotations.NullMarked;
