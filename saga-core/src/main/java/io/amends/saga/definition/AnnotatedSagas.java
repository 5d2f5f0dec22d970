package io.amends.saga.definition;

import io.amends.saga.Compensation;
import io.amends.saga.MigratesData;
import io.amends.saga.OnCompensated;
import io.amends.saga.OnCompensating;
import io.amends.saga.OnCompleted;
import io.amends.saga.OnReply;
import io.amends.saga.OnStuck;
import io.amends.saga.Reply;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.SearchAttribute;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads definitions from classes that carry {@link Saga}. */
public final class AnnotatedSagas {

    private static final String NEXT = "Return an AddressedCommand, a Command with a participant in the annotation, an "
            + "Optional of either, a SubSaga with a saga in the annotation, a Signal to wait for, or for a local step void,"
            + " the data or a Reply.";
    private static final String TO_WHOM =
            "Write participant = \"...\" in the annotation, or return an AddressedCommand, made by Commands.to.";

    private final SagaDraft draft;
    private final WrittenTimes times;
    private final Object bean;
    private final GenericTypes types;
    private final List<Method> methods;

    private AnnotatedSagas(SagaDraft draft, Class<?> declaring, Object bean) {
        this.draft = draft;
        this.times = new WrittenTimes(draft);
        this.bean = bean;
        this.types = GenericTypes.seenFrom(declaring);
        this.methods = methodsOf(declaring);
    }

    /**
     * The definition that the object's class declares, or the nearest superclass with {@link Saga} where a container
     * made a subclass.
     *
     * @throws InvalidSagaException with every problem of the class
     * @throws IllegalArgumentException if there is no {@link Saga}
     */
    public static SagaDefinition read(Object bean) {
        Class<?> declaring = bean.getClass();
        while (!declaring.isAnnotationPresent(Saga.class) && declaring.getSuperclass() != null) {
            declaring = declaring.getSuperclass();
        }
        return read(declaring.isAnnotationPresent(Saga.class) ? declaring : bean.getClass(), bean);
    }

    /**
     * The definition that the class declares, with the methods that it inherits.
     *
     * @param declaring the class with the annotations
     * @param bean the object whose methods are called; of a subclass that a container made, pass the target, because a
     *     proxy does not pass on methods that are not public
     * @throws InvalidSagaException with every problem of the class
     * @throws IllegalArgumentException if the class carries no {@link Saga}, or the object is none of its instances
     */
    public static SagaDefinition read(Class<?> declaring, Object bean) {
        Saga saga = declaring.getAnnotation(Saga.class);
        if (saga == null) {
            throw new IllegalArgumentException("%s carries no @Saga.".formatted(declaring.getName()));
        }
        if (!declaring.isInstance(bean)) {
            throw new IllegalArgumentException("%s is no instance of the saga class %s; of a proxy, pass the target."
                    .formatted(bean.getClass().getName(), declaring.getName()));
        }
        AnnotatedSagas reader = new AnnotatedSagas(
                new SagaDraft(declaring.getSimpleName(), saga.name(), saga.version()), declaring, bean);
        reader.draft.deadline = reader.times.duration(saga.deadline(), declaring.getSimpleName());
        reader.draft.onDeadline = saga.onDeadline();
        reader.draft.subSaga = saga.subSaga();
        reader.methods.forEach(reader::readMethod);
        return reader.draft.define();
    }

    /** The class's methods and those that it inherits, in an order of our own: reflection has none. */
    private static List<Method> methodsOf(Class<?> declaring) {
        List<Method> methods = new ArrayList<>();
        Set<String> overridden = new HashSet<>();
        for (Class<?> type = declaring; type != null && type != Object.class; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                boolean isOwn = Modifier.isPrivate(method.getModifiers()) || Modifier.isStatic(method.getModifiers());
                String signature = method.getName() + Arrays.toString(method.getParameterTypes());
                if (!method.isSynthetic() && (isOwn || overridden.add(signature))) {
                    methods.add(method);
                }
            }
        }
        methods.sort(Comparator.comparing(Method::toString));
        return methods;
    }

    private void readMethod(Method method) {
        SagaStep step = method.getAnnotation(SagaStep.class);
        if (step != null) {
            draft.steps.add(new SagaDraft.Step(
                    step.name(),
                    step.order(),
                    step.kind(),
                    step.saga().isEmpty() && !SagaMethods.startsSaga(method, types)
                            ? action(method, SagaStep.class, step.participant(), step.participant())
                            : starting(method, SagaStep.class, step.participant(), step.saga(), step.saga()),
                    new SagaDraft.Trying(
                            times.duration(step.timeout(), where(method)),
                            times.retry(step.retry(), where(method)),
                            step.onExhausted(),
                            times.duration(step.sla(), where(method))),
                    where(method)));
        }
        Compensation compensation = method.getAnnotation(Compensation.class);
        if (compensation != null) {
            draft.compensations.add(new SagaDraft.Undo(
                    compensation.of(),
                    compensation.saga().isEmpty() && !SagaMethods.startsSaga(method, types)
                            ? action(
                                    method,
                                    Compensation.class,
                                    compensation.participant(),
                                    stepOf(compensation, SagaStep::participant))
                            : starting(
                                    method,
                                    Compensation.class,
                                    compensation.participant(),
                                    compensation.saga(),
                                    stepOf(compensation, SagaStep::saga)),
                    SagaDraft.Trying.DEFAULT
                            .timeout(times.duration(compensation.timeout(), where(method)))
                            .retry(times.retry(compensation.retry(), where(method))),
                    where(method)));
        }
        OnReply onReply = method.getAnnotation(OnReply.class);
        if (onReply != null) {
            readReplyHandler(method, onReply.to());
        }
        SearchAttribute attribute = method.getAnnotation(SearchAttribute.class);
        if (attribute != null) {
            readAttribute(method, attribute.value());
        }
        MigratesData migrates = method.getAnnotation(MigratesData.class);
        if (migrates != null && isMethod(method, MigratesData.class, 1, "one parameter, the other version's data")) {
            draft.migrations.add(SagaMethods.migrating(method, bean, types, migrates.from()));
        }
        Hooks known = draft.hooks;
        draft.hooks = new Hooks(
                hook(method, OnCompleted.class, known.onCompleted()),
                hook(method, OnCompensated.class, known.onCompensated()),
                hook(method, OnCompensating.class, known.onCompensating()),
                hook(method, OnStuck.class, known.onStuck()));
    }

    /** A compensation without a participant of its own goes to the one of its step, or to the step's child. */
    private String stepOf(Compensation compensation, Function<SagaStep, String> what) {
        if (!compensation.participant().isEmpty()) {
            return compensation.participant();
        }
        for (Method other : methods) {
            SagaStep step = other.getAnnotation(SagaStep.class);
            if (step != null && step.name().equals(compensation.of())) {
                return what.apply(step);
            }
        }
        return "";
    }

    private SagaDraft.@Nullable Action starting(
            Method method, Class<? extends Annotation> annotation, String participant, String saga, String child) {
        if (!isCallable(method, annotation, 1)) {
            return null;
        }
        if (annotation == Compensation.class && method.getReturnType() == Optional.class) {
            draft.problem(
                    ProblemCode.BAD_SIGNATURE,
                    where(method),
                    "the compensation of a child may be left out.",
                    "Return a SubSaga, not an Optional: an unfinished child has to be told to turn back.");
            return null;
        }
        if (saga.isEmpty() || !participant.isEmpty() || !SagaMethods.startsSaga(method, types)) {
            draft.problem(
                    ProblemCode.BAD_SIGNATURE,
                    where(method),
                    "to start a saga, the method returns a SubSaga, and the annotation names a saga and no participant.",
                    "Write saga = \"...\", and return a SubSaga of the type of that saga's data.");
            return null;
        }
        return SagaMethods.starting(method, bean, types, saga, child);
    }

    private SagaDraft.@Nullable Action action(
            Method method, Class<? extends Annotation> annotation, String declared, String participant) {
        if (!isCallable(method, annotation, 1)) {
            return null;
        }
        boolean bare = isBare(method);
        if (!declared.isEmpty() && !bare) {
            draft.problem(
                    ProblemCode.BAD_SIGNATURE,
                    where(method),
                    SagaMethods.isAddressed(method, types)
                            ? "its command carries an address, yet the annotation names '%s'.".formatted(declared)
                            : "the annotation names '%s', yet it sends no command.".formatted(declared),
                    "Remove the participant, or return the bare command.");
        }
        Optional<SagaDraft.Action> action =
                SagaMethods.action(method, bean, types, participant.isEmpty() ? null : participant);
        Compensation undo = method.getAnnotation(Compensation.class);
        if (action.isEmpty() && (!bare || undo == null || isAddressed(undo.of()))) {
            draft.problem(
                    ProblemCode.BAD_SIGNATURE,
                    where(method),
                    bare
                            ? "it names no participant for its command."
                            : "it returns %s."
                                    .formatted(method.getGenericReturnType().getTypeName()),
                    bare ? TO_WHOM : NEXT);
        }
        return action.orElse(null);
    }

    /** Whether that step needs no participant. If it lacks one, or is not there, that is told, not its compensation's. */
    private boolean isAddressed(String name) {
        return methods.stream().anyMatch(method -> {
            SagaStep step = method.getAnnotation(SagaStep.class);
            return step != null && step.name().equals(name) && !isBare(method);
        });
    }

    private boolean isBare(Method method) {
        return SagaMethods.isRemote(method, types) && !SagaMethods.isAddressed(method, types);
    }

    private void readReplyHandler(Method method, String step) {
        if (!isCallable(method, OnReply.class, 2)) {
            return;
        }
        Class<?> data = types.erase(method.getGenericParameterTypes()[0]);
        Class<?> reply = types.erase(method.getGenericParameterTypes()[1]);
        Class<?> returned = types.erase(method.getGenericReturnType());
        boolean inPlace = returned == void.class;
        if (!Reply.class.isAssignableFrom(reply) || !(inPlace || data.isAssignableFrom(returned))) {
            draft.problem(
                    ProblemCode.BAD_SIGNATURE,
                    where(method),
                    Reply.class.isAssignableFrom(reply)
                            ? "it returns %s, which is not the saga's data.".formatted(returned.getSimpleName())
                            : "its second parameter is %s, which is no Reply.".formatted(reply.getSimpleName()),
                    "Take the data and a Reply type, and return the new data (or void).");
            return;
        }
        draft.replyHandlers.add(new SagaDraft.Taking(
                step,
                new ReplyHandler(reply.asSubclass(Reply.class), (before, answer) -> {
                    if (inPlace) {
                        SagaMethods.call(method, bean, before, answer);
                        return before;
                    }
                    return SagaMethods.require(method, bean, before, answer);
                }),
                where(method)));
    }

    private void readAttribute(Method method, String name) {
        if (!isCallable(method, SearchAttribute.class, 1)) {
            return;
        }
        if (!SagaMethods.returnsIndexable(method, types)) {
            draft.problem(
                    ProblemCode.BAD_SIGNATURE,
                    where(method),
                    "it returns %s.".formatted(method.getGenericReturnType().getTypeName()),
                    "Return a string, a number, a UUID, an enum constant or an Optional of one of them.");
        }
        draft.attributes.add(new SagaDraft.Attribute(
                AttributeDefinition.of(name, data -> SagaMethods.call(method, bean, data)), where(method)));
    }

    private @Nullable Consumer<Object> hook(
            Method method, Class<? extends Annotation> annotation, @Nullable Consumer<Object> known) {
        if (!method.isAnnotationPresent(annotation) || !isCallable(method, annotation, 1)) {
            return known;
        }
        if (method.getReturnType() != void.class) {
            draft.problem(
                    ProblemCode.BAD_SIGNATURE,
                    where(method),
                    "a @%s method returns nothing.".formatted(annotation.getSimpleName()),
                    "Make it void: the data does not change any more.");
        }
        if (known != null) {
            draft.problem(
                    ProblemCode.BAD_SIGNATURE,
                    where(method),
                    "there is another @%s method.".formatted(annotation.getSimpleName()),
                    "Keep one of them.");
        }
        return data -> SagaMethods.call(method, bean, data);
    }

    private boolean isCallable(Method method, Class<? extends Annotation> annotation, int parameters) {
        String takes = parameters == 1 ? "one parameter, the data" : "the data and a reply";
        if (!isMethod(method, annotation, parameters, takes)) {
            return false;
        }
        draft.takesData(types.erase(method.getGenericParameterTypes()[0]), where(method));
        return true;
    }

    private boolean isMethod(Method method, Class<? extends Annotation> annotation, int parameters, String takes) {
        if (Modifier.isStatic(method.getModifiers())
                || Modifier.isPrivate(method.getModifiers())
                || method.getParameterCount() != parameters) {
            draft.problem(
                    ProblemCode.BAD_SIGNATURE,
                    where(method),
                    "a @%s method is neither static nor private and takes %s."
                            .formatted(annotation.getSimpleName(), takes),
                    "Change its signature.");
            return false;
        }
        method.setAccessible(true);
        return true;
    }

    private static String where(Method method) {
        return SagaMethods.where(method);
    }
}
