package io.amends.spring.boot.autoconfigure.runtime;

import io.amends.runtime.participant.CommandMethod;
import io.amends.runtime.participant.ParticipantDefinition;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.saga.definition.Contract;
import io.amends.saga.definition.Problem;
import io.amends.saga.definition.ProblemCode;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.StepAction;
import io.amends.saga.definition.StepDefinition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Asks the codec about every type that will be stored or sent, so that a first message is not what shows it. */
final class SerialisableTypes {

    private final Map<Class<?>, String> usedBy = new LinkedHashMap<>();

    private SerialisableTypes() {}

    /** A problem for each type that the codec can't write and read back. */
    static List<Problem> check(
            Collection<SagaDefinition> sagas, Collection<ParticipantDefinition> participants, PayloadCodec codec) {
        SerialisableTypes types = new SerialisableTypes();
        sagas.forEach(types::add);
        participants.forEach(types::add);
        List<Problem> problems = new ArrayList<>();
        types.usedBy.forEach(
                (type, where) -> codec.problemOf(type)
                        .ifPresent(
                                why -> problems.add(
                                        new Problem(
                                                ProblemCode.NOT_SERIALISABLE,
                                                where,
                                                "%s can't be written and read back: %s.".formatted(type.getName(), why),
                                                "Make it a record of records, enums and types of java.*, or a class with setters, or with a public constructor of all its values that is compiled with -parameters. Where it can be one of several classes, use a sealed interface of such records with @JsonTypeInfo(use = JsonTypeInfo.Id.NAME), and give each a @JsonTypeName."))));
        return problems;
    }

    private void add(SagaDefinition saga) {
        String title = "%s v%d".formatted(saga.name(), saga.version());
        usedBy.putIfAbsent(saga.dataType(), title + ", its data");
        saga.migrations()
                .forEach(from -> usedBy.putIfAbsent(
                        from.dataType(), "%s, the data of version %d".formatted(title, from.from())));
        for (StepDefinition step : saga.steps()) {
            Stream.of(step.action(), step.compensation()).forEach(action -> add(action, title + ", " + step.name()));
        }
    }

    private void add(@Nullable StepAction action, String where) {
        if (action instanceof StepAction.Remote remote && remote.starts() != null) {
            // The command's payload is the data alone.
            usedBy.putIfAbsent(remote.starts().dataType(), where);
        } else if (action instanceof StepAction.Remote remote && remote.commandType() != null) {
            add(remote.commandType(), where);
        }
    }

    private void add(ParticipantDefinition participant) {
        for (CommandMethod handler : participant.handlers().values()) {
            add(handler.commandType(), "participant " + participant.name());
        }
    }

    private void add(Class<?> commandType, String where) {
        usedBy.putIfAbsent(commandType, where);
        Contract.of(commandType).replies().forEach(reply -> usedBy.putIfAbsent(reply, where));
    }
}
