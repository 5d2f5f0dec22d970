package io.amends.spring.boot.autoconfigure.twopc;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether any participant is configured. */
final class OnTwoPhaseParticipants extends SpringBootCondition {

    private static final String PROPERTY = TwoPhaseProperties.PREFIX + ".participants";

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        boolean any = Binder.get(context.getEnvironment())
                .bind(PROPERTY, Bindable.mapOf(String.class, Object.class))
                .map(participants -> !participants.isEmpty())
                .orElse(false);
        ConditionMessage.Builder message = ConditionMessage.forCondition("Two-phase commit");
        return new ConditionOutcome(
                any,
                any
                        ? message.found("property").items(PROPERTY)
                        : message.didNotFind("property").items(PROPERTY));
    }
}
