package io.amends.spring.boot.autoconfigure.runtime;

import io.amends.runtime.participant.AnnotatedParticipants;
import io.amends.runtime.participant.InvalidParticipantException;
import io.amends.runtime.participant.ParticipantDefinition;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.saga.Command;
import io.amends.saga.MessageTypes;
import io.amends.saga.SagaParticipant;
import io.amends.saga.definition.InvalidSagaException;
import io.amends.saga.definition.Problem;
import io.amends.saga.definition.ProblemCode;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import io.amends.saga.definition.StepAction;
import io.amends.saga.definition.StepDefinition;
import io.amends.spring.boot.autoconfigure.definition.AnnotatedBeans.AnnotatedBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads an application's participants, and checks that they handle what its sagas send them. */
public final class ParticipantDefinitions {

    private ParticipantDefinitions() {}

    /**
     * The participants, by name.
     *
     * @param resolve resolves placeholders in names
     * @param codec what types are written and read with
     * @throws InvalidParticipantException if a class is wrong; what is wrong with others is suppressed in it
     * @throws InvalidSagaException if a saga sends a participant of this application what it does not handle, or the
     *     codec can't write and read back what is stored or sent
     */
    public static List<ParticipantDefinition> read(
            List<AnnotatedBean<SagaParticipant>> beans,
            UnaryOperator<String> resolve,
            SagaRegistry sagas,
            PayloadCodec codec) {
        return read(beans, resolve, sagas, codec, List.of());
    }

    /**
     * Likewise, and tells with what it finds what is known to be wrong with the sagas already.
     *
     * @param known problems of the sagas
     */
    static List<ParticipantDefinition> read(
            List<AnnotatedBean<SagaParticipant>> beans,
            UnaryOperator<String> resolve,
            SagaRegistry sagas,
            PayloadCodec codec,
            List<Problem> known) {
        Map<String, ParticipantDefinition> byName = new TreeMap<>();
        Map<String, Class<?>> declaredBy = new TreeMap<>();
        InvalidParticipantException invalid = null;
        for (AnnotatedBean<SagaParticipant> bean : beans) {
            String name = resolve.apply(bean.annotation().value());
            try {
                ParticipantDefinition read = AnnotatedParticipants.read(name, bean.declaring(), bean.bean());
                Class<?> other = declaredBy.putIfAbsent(name, bean.declaring());
                if (other != null) {
                    throw new InvalidParticipantException(
                            bean.declaring(),
                            List.of(
                                    "%s is participant '%s' too. Move the handlers into one class, or give one of them another name."
                                            .formatted(other.getName(), name)));
                }
                byName.put(name, read);
            } catch (InvalidParticipantException thrown) {
                if (invalid == null) {
                    invalid = thrown;
                } else {
                    invalid.addSuppressed(thrown);
                }
            }
        }
        if (invalid != null) {
            throw invalid;
        }
        List<Problem> problems = new ArrayList<>(known);
        problems.addAll(unhandled(sagas, byName));
        problems.addAll(SubSagaChecks.check(sagas, byName.keySet()));
        problems.addAll(SerialisableTypes.check(sagas.all(), byName.values(), codec));
        if (!problems.isEmpty()) {
            throw new InvalidSagaException(problems);
        }
        return List.copyOf(byName.values());
    }

    private static List<Problem> unhandled(SagaRegistry sagas, Map<String, ParticipantDefinition> participants) {
        List<Problem> problems = new ArrayList<>();
        for (SagaDefinition saga : sagas.all()) {
            for (StepDefinition step : saga.steps()) {
                check(saga, step.name(), step.action(), participants, problems);
                check(saga, "compensation of " + step.name(), step.compensation(), participants, problems);
            }
        }
        return problems;
    }

    private static void check(
            SagaDefinition saga,
            String step,
            @Nullable StepAction action,
            Map<String, ParticipantDefinition> participants,
            List<Problem> problems) {
        if (!(action instanceof StepAction.Remote remote)) {
            return;
        }
        String name = remote.participant();
        Class<? extends Command<?>> commandType = remote.commandType();
        ParticipantDefinition participant = name == null ? null : participants.get(name);
        if (participant == null || commandType == null) {
            return;
        }
        String type = MessageTypes.nameOf(commandType);
        if (!participant.handlers().containsKey(type)) {
            problems.add(new Problem(
                    ProblemCode.NO_HANDLER,
                    "%s v%d, %s".formatted(saga.name(), saga.version(), step),
                    "it sends %s to participant '%s' of this application, which handles only %s."
                            .formatted(
                                    type,
                                    participant.name(),
                                    participant.handlers().keySet().stream()
                                            .sorted()
                                            .toList()),
                    "Add a @CommandHandler method that takes %s.".formatted(commandType.getSimpleName())));
        }
    }
}
