/** Sagas beside JPA. */
@NullMarked
package io.amends.spring.boot.autoconfigure.jpa;

import org.jspecify.annotations.NullMarked;
