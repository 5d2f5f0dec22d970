package io.amends.dashboard.access;

import io.amends.saga.MessageTypes;
import io.amends.saga.definition.Contract;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.StepAction;
import io.amends.saga.definition.StepDefinition;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which messages this process knows the form of, and so what of them is masked. Pure. */
public final class KnownMessages {

    private KnownMessages() {}

    /** The logical types of all commands and replies of those definitions. */
    public static Set<String> of(Collection<SagaDefinition> definitions) {
        return definitions.stream()
                .flatMap(definition -> definition.steps().stream())
                .flatMap(KnownMessages::actions)
                .flatMap(KnownMessages::types)
                .map(MessageTypes::nameOf)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Stream<StepAction> actions(StepDefinition step) {
        return Stream.concat(Stream.of(step.action()), Stream.ofNullable(step.compensation()));
    }

    private static Stream<Class<?>> types(StepAction action) {
        if (action instanceof StepAction.Remote remote && remote.commandType() != null) {
            return Stream.concat(Stream.of(remote.commandType()), Contract.of(remote.commandType()).replies().stream());
        }
        return action instanceof StepAction.Await await
                ? Contract.ofReply(await.replyType()).replies().stream().map(type -> (Class<?>) type)
                : Stream.empty();
    }
}
