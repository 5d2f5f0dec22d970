/** The pages of docs/reference that are written from the code. */
@NullMarked
package io.amends.spring.boot.autoconfigure.reference;

import org.jspecify.annotations.NullMarked;
