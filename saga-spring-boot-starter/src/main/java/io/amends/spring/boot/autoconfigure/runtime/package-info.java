/** Sets up orchestrator and participants, their listeners, and the summary that is told when all of it runs. */
@NullMarked
package io.amends.spring.boot.autoconfigure.runtime;

import org.jspecify.annotations.NullMarked;
