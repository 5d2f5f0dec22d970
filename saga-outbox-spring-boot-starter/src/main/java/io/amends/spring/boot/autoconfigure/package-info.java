/** The {@code saga.*} properties and the order in which the parts of Amends start and stop. */
@NullMarked
package io.amends.spring.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
