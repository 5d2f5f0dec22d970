/** Tests of an application's sagas in Spring Boot, in memory and with virtual time. */
@NullMarked
package io.amends.spring.boot.test;

import org.jspecify.annotations.NullMarked;
