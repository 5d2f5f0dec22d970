/** What an application calls and is told: starting sagas, looking at them, hearing of their ends. */
@NullMarked
package io.amends.runtime;

import org.jspecify.annotations.NullMarked;
