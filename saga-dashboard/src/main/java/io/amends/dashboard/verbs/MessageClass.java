package io.amends.dashboard.verbs;

import io.amends.saga.MessageTypes;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import io.amends.saga.definition.StepAction;
import io.amends.saga.definition.StepDefinition;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the class of a command by its logical type, among those that the sagas here send. Pure. */
final class MessageClass {

    private MessageClass() {}

    static Optional<Class<?>> of(SagaRegistry registry, String type) {
        return registry.all().stream()
                .map(SagaDefinition::steps)
                .flatMap(steps -> steps.stream().flatMap(MessageClass::commands))
                .filter(command -> MessageTypes.nameOf(command).equals(type))
                .findFirst();
    }

    private static Stream<Class<?>> commands(StepDefinition step) {
        return Stream.concat(Stream.of(step.action()), Stream.ofNullable(step.compensation()))
                .flatMap(MessageClass::command);
    }

    private static Stream<Class<?>> command(StepAction action) {
        return action instanceof StepAction.Remote remote ? Stream.ofNullable(remote.commandType()) : Stream.empty();
    }
}
