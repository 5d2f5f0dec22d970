/** Two-phase commit in a Spring Boot application: coordinator with its recovery, and endpoint for coordinators elsewhere. */
@NullMarked
package io.amends.spring.boot.autoconfigure.twopc;

import org.jspecify.annotations.NullMarked;
