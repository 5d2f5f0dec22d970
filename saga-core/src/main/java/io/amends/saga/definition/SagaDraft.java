package io.amends.saga.definition;

import io.amends.saga.Escalation;
import io.amends.saga.StepKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A definition while it is gathered, right or wrong. Both ways to declare a saga end here. */
final class SagaDraft {

    /**
     * What a step or compensation does.
     *
     * @param does the action itself
     * @param contract the replies that it can get, null if it gets none or they are not known
     */
    record Action(StepAction does, @Nullable Contract contract) {

        static Action of(StepAction does) {
            if (does instanceof StepAction.Await await) {
                return new Action(does, Contract.ofReply(await.replyType()));
            }
            Class<?> commandType = does instanceof StepAction.Remote remote ? remote.commandType() : null;
            return new Action(does, commandType == null ? null : Contract.of(commandType));
        }

        /** Whether there is a reply: always to a command, of a local step if its method returns one. */
        boolean answers() {
            return does instanceof StepAction.Remote || contract != null;
        }
    }

    record Step(
            String name, int order, StepKind kind, @Nullable Action action, Trying trying, String where) {}

    record Undo(String of, @Nullable Action action, Trying trying, String where) {}

    /** How an action or compensation is tried. */
    record Trying(
            @Nullable Duration timeout,
            RetryPolicy retry,
            Escalation onExhausted,
            @Nullable Duration sla) {

        static final Trying DEFAULT = new Trying(null, RetryPolicy.DEFAULT, Escalation.COMPENSATE, null);

        Trying timeout(@Nullable Duration value) {
            return new Trying(value, retry, onExhausted, sla);
        }

        Trying retry(RetryPolicy value) {
            return new Trying(timeout, value, onExhausted, sla);
        }

        Trying onExhausted(Escalation value) {
            return new Trying(timeout, retry, value, sla);
        }

        Trying sla(Duration value) {
            return new Trying(timeout, retry, onExhausted, value);
        }
    }

    record Attribute(AttributeDefinition is, String where) {}

    /** How another version's data is taken; the type that it becomes. */
    record Migrating(DataMigration is, Class<?> returns, String where) {}

    record Taking(String to, ReplyHandler handler, String where) {}

    final String where;
    final String name;
    final int version;
    final List<Step> steps = new ArrayList<>();
    final List<Undo> compensations = new ArrayList<>();
    final List<Taking> replyHandlers = new ArrayList<>();
    final List<Attribute> attributes = new ArrayList<>();
    final List<Migrating> migrations = new ArrayList<>();
    /** Each data type that some method takes, and the methods that take it. */
    final Map<Class<?>, List<String>> dataTypes = new LinkedHashMap<>();

    final List<Problem> problems = new ArrayList<>();

    @Nullable
    Duration deadline;

    Escalation onDeadline = Escalation.COMPENSATE;

    Hooks hooks = Hooks.NONE;

    boolean subSaga;

    SagaDraft(String where, String name, int version) {
        this.where = where;
        this.name = name;
        this.version = version;
    }

    void takesData(Class<?> type, String place) {
        dataTypes.computeIfAbsent(type, key -> new ArrayList<>()).add(place);
    }

    void problem(ProblemCode code, String place, String message, String hint) {
        problems.add(new Problem(code, place, message, hint));
    }

    /**
     * The definition.
     *
     * @throws InvalidSagaException with every problem, those found while reading included
     */
    SagaDefinition define() {
        SagaRules.check(this);
        if (!problems.isEmpty()) {
            throw new InvalidSagaException(problems);
        }
        List<StepDefinition> defined = new ArrayList<>();
        for (Step step : steps) {
            Action action = step.action();
            if (action == null) {
                throw new IllegalStateException("A step without action was reported as a problem.");
            }
            Undo undo = compensationOf(step.name());
            Trying undoing = undo == null ? Trying.DEFAULT : undo.trying();
            defined.add(new StepDefinition(
                    step.name(),
                    step.order(),
                    step.kind(),
                    action.does(),
                    undo == null || undo.action() == null ? null : undo.action().does(),
                    handlersOf(step.name()),
                    step.trying().timeout(),
                    step.trying().retry(),
                    step.trying().onExhausted(),
                    undoing.timeout(),
                    undoing.retry(),
                    step.trying().sla()));
        }
        defined.sort(Comparator.comparingInt(StepDefinition::order).thenComparing(StepDefinition::name));
        return new SagaDefinition(
                name,
                version,
                dataTypes.keySet().iterator().next(),
                deadline,
                onDeadline,
                defined,
                hooks,
                subSaga,
                attributes.stream()
                        .map(Attribute::is)
                        .sorted(Comparator.comparing(AttributeDefinition::name))
                        .toList(),
                migrations.stream().map(Migrating::is).toList(),
                Fingerprint.of(name, version, defined));
    }

    private @Nullable Undo compensationOf(String step) {
        return compensations.stream()
                .filter(undo -> undo.of().equals(step))
                .findFirst()
                .orElse(null);
    }

    /** General types before those that they include, else by name: a class's methods have no order. */
    private List<ReplyHandler> handlersOf(String step) {
        List<ReplyHandler> handlers = replyHandlers.stream()
                .filter(taking -> taking.to().equals(step))
                .map(Taking::handler)
                .toList();
        return handlers.stream()
                .sorted(Comparator.comparingLong((ReplyHandler one) -> handlers.stream()
                                .filter(other -> other.replyType().isAssignableFrom(one.replyType()))
                                .count())
                        .thenComparing(one -> one.replyType().getName()))
                .toList();
    }
}
