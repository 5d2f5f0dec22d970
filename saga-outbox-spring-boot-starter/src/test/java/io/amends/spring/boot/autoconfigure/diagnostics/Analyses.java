package io.amends.spring.boot.autoconfigure.diagnostics;

import java.util.Objects;
import java.util.Optional;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.mock.env.MockEnvironment;

/** What is told of a start that failed. */
public final class Analyses {

    private Analyses() {}

    /** With an empty environment. */
    public static FailureAnalysis of(Throwable cause) {
        return of(cause, new MockEnvironment()).orElseThrow();
    }

    /** As Spring Boot does: all registered analyzers in their order, the first that knows the failure. */
    public static Optional<FailureAnalysis> of(Throwable cause, Environment environment) {
        Throwable failure = new BeanCreationException("someBean", "could not be made", cause);
        return SpringFactoriesLoader.forDefaultResourceLocation()
                .load(
                        FailureAnalyzer.class,
                        ArgumentResolver.of(BeanFactory.class, new DefaultListableBeanFactory())
                                .and(Environment.class, environment),
                        (type, name, missingOptionalClass) -> {})
                .stream()
                .map(analyzer -> analyzer.analyze(failure))
                .filter(Objects::nonNull)
                .findFirst();
    }
}
