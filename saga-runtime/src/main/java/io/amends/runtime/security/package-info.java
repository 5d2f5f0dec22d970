/** Signatures of messages, and payloads that only holders of a key can read, with the JDK's own algorithms. */
@NullMarked
package io.amends.runtime.security;

import org.jspecify.annotations.NullMarked;
