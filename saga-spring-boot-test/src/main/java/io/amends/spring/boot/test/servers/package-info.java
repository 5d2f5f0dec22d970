/** Embedded PostgreSQL and Kafka as beans of a Spring Boot application, for tests and for running it while it is developed. */
@NullMarked
package io.amends.spring.boot.test.servers;

import org.jspecify.annotations.NullMarked;
