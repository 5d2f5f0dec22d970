package io.amends.test.conformance;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Stores that are broken on purpose, and what a suite says of them. */
final class Twisted {

    private Twisted() {}

    /** A call of a store that works; what is passed on to it, and when, is what makes the twist. */
    record Call(Method method, Object[] arguments, Object real) {

        boolean is(String name) {
            return method.getName().equals(name);
        }

        Object proceed() {
            return with(arguments);
        }

        Object with(Object... others) {
            try {
                return method.invoke(real, others);
            } catch (InvocationTargetException thrown) {
                if (thrown.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw new IllegalStateException(thrown);
            } catch (IllegalAccessException trouble) {
                throw new IllegalStateException(trouble);
            }
        }

        /** In a transaction of its own. */
        Object alone(PlatformTransactionManager transactions) {
            TransactionTemplate own = new TransactionTemplate(transactions);
            own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
            return own.execute(status -> proceed());
        }
    }

    /** The store with that twist. */
    static <T> T store(Class<T> port, T real, Function<Call, Object> twist) {
        return port.cast(Proxy.newProxyInstance(
                port.getClassLoader(),
                new Class<?>[] {port},
                (proxy, method, arguments) ->
                        twist.apply(new Call(method, arguments == null ? new Object[0] : arguments, real))));
    }

    /** The names of the suite's tests that fail. */
    static Set<String> failures(Class<?> suite) {
        Set<String> failed = new TreeSet<>();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(suite))
                                .build(),
                        new TestExecutionListener() {
                            @Override
                            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                                if (result.getStatus() == Status.FAILED) {
                                    failed.add(test.getSource()
                                            .map(source -> source instanceof MethodSource method
                                                    ? method.getMethodName()
                                                    : test.getDisplayName())
                                            .orElse(test.getDisplayName()));
                                }
                            }
                        });
        return failed;
    }
}
