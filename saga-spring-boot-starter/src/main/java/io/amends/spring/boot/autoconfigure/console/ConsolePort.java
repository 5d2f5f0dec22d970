package io.amends.spring.boot.autoconfigure.console;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** On which of an application's ports the console is. */
public enum ConsolePort {

    /** On that of the application itself, below its context path. */
    APPLICATION,

    /** On {@code management.server.port}, beside the actuator's endpoints, and on no other. */
    MANAGEMENT;

    /** The property that says so. */
    static final String PROPERTY = "saga.console.port";

    /** Which one is asked for. Read as {@link ConsoleProperties} is, so that conditions never see another one. */
    static ConsolePort of(Environment environment) {
        return Binder.get(environment).bind(PROPERTY, ConsolePort.class).orElse(APPLICATION);
    }
}
