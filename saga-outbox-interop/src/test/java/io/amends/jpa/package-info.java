/** Sagas and participants in an application that has JPA. */
@NullMarked
package io.amends.jpa;

import org.jspecify.annotations.NullMarked;
