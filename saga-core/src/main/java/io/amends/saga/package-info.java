/** What a service writes: annotations, commands, replies and addresses, which depend on the JDK alone. */
@NullMarked
package io.amends.saga;

import org.jspecify.annotations.NullMarked;
