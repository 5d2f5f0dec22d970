/** The outbox beside what others wrote, each of them real. */
@NullMarked
package io.amends.interop;

import org.jspecify.annotations.NullMarked;
