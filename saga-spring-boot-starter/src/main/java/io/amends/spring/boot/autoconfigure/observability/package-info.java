/** Meters, observations and health of sagas, where the application has Micrometer or Spring Boot's health. */
@NullMarked
package io.amends.spring.boot.autoconfigure.observability;

import org.jspecify.annotations.NullMarked;
