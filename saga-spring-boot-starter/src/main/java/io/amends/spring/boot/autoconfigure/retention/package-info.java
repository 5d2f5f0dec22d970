/** Lets what sagas leave behind be removed when it was kept for long enough. */
@NullMarked
package io.amends.spring.boot.autoconfigure.retention;

import org.jspecify.annotations.NullMarked;
