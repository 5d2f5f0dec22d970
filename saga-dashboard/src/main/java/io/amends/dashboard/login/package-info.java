/** The console behind Spring Security, which it needs: who may come in, and where they log in. */
@NullMarked
package io.amends.dashboard.login;

import org.jspecify.annotations.NullMarked;
