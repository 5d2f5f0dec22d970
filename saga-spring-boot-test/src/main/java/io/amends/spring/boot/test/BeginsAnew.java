package io.amends.spring.boot.test;

import org.springframework.core.Ordered;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.support.AbstractTestExecutionListener;

/** Lets no test of a class see what another one did. */
final class BeginsAnew extends AbstractTestExecutionListener {

    /** After beans were injected and mocks were reset, before transactions of tests begin. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 3_000;
    }

    @Override
    public void beforeTestMethod(TestContext context) {
        context.getApplicationContext().getBean(SagaDriver.class).beginAnew();
    }
}
