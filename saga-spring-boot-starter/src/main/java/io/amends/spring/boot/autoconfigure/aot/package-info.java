/** What a native image has to keep for sagas, beside what each saga and participant class needs. */
@NullMarked
package io.amends.spring.boot.autoconfigure.aot;

import org.jspecify.annotations.NullMarked;
