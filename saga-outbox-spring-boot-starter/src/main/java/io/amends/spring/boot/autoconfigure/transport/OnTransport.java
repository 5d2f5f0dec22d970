package io.amends.spring.boot.autoconfigure.transport;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Compares the application's transport with the annotation's. */
final class OnTransport extends SpringBootCondition {

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Transport wanted =
                metadata.getAnnotations().get(ConditionalOnTransport.class).getEnum("value", Transport.class);
        Transport found = Transport.of(context.getEnvironment(), context.getClassLoader());
        return new ConditionOutcome(
                wanted == found,
                ConditionMessage.forCondition(ConditionalOnTransport.class).because("the transport is " + found));
    }
}
