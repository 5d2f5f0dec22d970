/** Finds the application's saga and participant classes and makes beans and definitions of them. */
@NullMarked
package io.amends.spring.boot.autoconfigure.definition;

import org.jspecify.annotations.NullMarked;
