package io.amends.spring.boot.autoconfigure.console;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Only where the console is to be on that port. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Conditional(OnPort.Check.class)
@interface OnPort {

    ConsolePort value();

    /** Looks. */
    final class Check implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return metadata.getAnnotations().get(OnPort.class).getEnum("value", ConsolePort.class)
                    == ConsolePort.of(context.getEnvironment());
        }
    }
}
