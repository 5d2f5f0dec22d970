/** Binds {@code saga.security.*}: signatures of messages and encrypted payloads. */
@NullMarked
package io.amends.spring.boot.autoconfigure.security;

import org.jspecify.annotations.NullMarked;
