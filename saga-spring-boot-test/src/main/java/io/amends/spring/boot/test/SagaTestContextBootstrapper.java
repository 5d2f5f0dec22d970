package io.amends.spring.boot.test;

import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;

/** Starts the context of a {@link SagaTest}. */
final class SagaTestContextBootstrapper extends TestSliceTestContextBootstrapper<SagaTest> {}
