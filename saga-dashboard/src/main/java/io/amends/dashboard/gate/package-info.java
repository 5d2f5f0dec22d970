/** What stands before each request of the console: the headers of every answer, the check against forged requests, and who calls. */
@NullMarked
package io.amends.dashboard.gate;

import org.jspecify.annotations.NullMarked;
