package io.amends.saga.definition;

import io.amends.saga.Compensation;
import io.amends.saga.OnCompensated;
import io.amends.saga.OnCompleted;
import io.amends.saga.OnReply;
import io.amends.saga.Reply;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads definitions from classes that carry {@link Saga}. */
public final class AnnotatedSagas {

    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final String NEXT = "Return an AddressedCommand, a Command with a participant in the annotation, an "
            + "Optional of either, or for a local step void, the data or a Reply.";

    private final SagaDraft draft;
    private final Object bean;

    private AnnotatedSagas(SagaDraft draft, Object bean) {
        this.draft = draft;
        this.bean = bean;
    }

    /**
     * The definition that the object's class declares.
     *
     * @throws InvalidSagaException with every problem of the class
     */
    public static SagaDefinition read(Object bean) {
        return read(bean.getClass(), bean);
    }

    /**
     * The definition that the class declares.
     *
     * @param declaring the class with the annotations
     * @param bean the object whose methods are called; may be a subclass that a container made
     * @throws InvalidSagaException with every problem of the class
     */
    public static SagaDefinition read(Class<?> declaring, Object bean) {
        Saga saga = declaring.getAnnotation(Saga.class);
        if (saga == null) {
            throw new IllegalArgumentException("%s carries no @Saga.".formatted(declaring.getName()));
        }
        AnnotatedSagas reader =
                new AnnotatedSagas(new SagaDraft(declaring.getSimpleName(), saga.name(), saga.version()), bean);
        reader.draft.deadline = reader.duration(saga.deadline(), declaring.getSimpleName());
        Method[] methods = declaring.getDeclaredMethods();
        Arrays.sort(methods, Comparator.comparing(Method::toString));
        for (Method method : methods) {
            if (!method.isSynthetic()) {
                reader.read(method);
            }
        }
        return reader.draft.define();
    }

    private void read(Method method) {
        SagaStep step = method.getAnnotation(SagaStep.class);
        if (step != null) {
            draft.steps.add(new SagaDraft.Step(
                    step.name(),
                    step.order(),
                    step.kind(),
                    action(method, SagaStep.class, step.participant()),
                    duration(step.timeout(), where(method)),
                    where(method)));
        }
        Compensation compensation = method.getAnnotation(Compensation.class);
        if (compensation != null) {
            draft.compensations.add(new SagaDraft.Undo(
                    compensation.of(),
                    action(method, Compensation.class, participantOf(compensation, method)),
                    where(method)));
        }
        OnReply onReply = method.getAnnotation(OnReply.class);
        if (onReply != null) {
            readReplyHandler(method, onReply.to());
        }
        if (method.isAnnotationPresent(OnCompleted.class)) {
            draft.onCompleted = hook(method, OnCompleted.class, draft.onCompleted);
        }
        if (method.isAnnotationPresent(OnCompensated.class)) {
            draft.onCompensated = hook(method, OnCompensated.class, draft.onCompensated);
        }
    }

    /** A compensation without a participant of its own goes to the one of its step. */
    private static String participantOf(Compensation compensation, Method method) {
        if (!compensation.participant().isEmpty()) {
            return compensation.participant();
        }
        for (Method other : method.getDeclaringClass().getDeclaredMethods()) {
            SagaStep step = other.getAnnotation(SagaStep.class);
            if (step != null && step.name().equals(compensation.of())) {
                return step.participant();
            }
        }
        return "";
    }

    private @Nullable StepAction action(Method method, Class<? extends Annotation> annotation, String participant) {
        if (!isCallable(method, annotation, 1)) {
            return null;
        }
        draft.dataTypes.putIfAbsent(method.getParameterTypes()[0], where(method));
        Optional<StepAction> action = SagaMethods.action(method, bean, participant.isEmpty() ? null : participant);
        if (action.isEmpty()) {
            draft.problem(
                    ProblemCode.BAD_SIGNATURE,
                    where(method),
                    "it returns %s%s."
                            .formatted(
                                    method.getGenericReturnType().getTypeName(),
                                    participant.isEmpty() ? ", and the annotation names no participant" : ""),
                    NEXT);
        }
        return action.orElse(null);
    }

    private void readReplyHandler(Method method, String step) {
        if (!isCallable(method, OnReply.class, 2)) {
            return;
        }
        Class<?> data = method.getParameterTypes()[0];
        Class<?> reply = method.getParameterTypes()[1];
        draft.dataTypes.putIfAbsent(data, where(method));
        if (!Reply.class.isAssignableFrom(reply)
                || !(method.getReturnType() == void.class || data.isAssignableFrom(method.getReturnType()))) {
            draft.problem(
                    ProblemCode.BAD_SIGNATURE,
                    where(method),
                    "its signature is not that of a reply handler.",
                    "Take the data and a Reply type, and return the new data (or void).");
            return;
        }
        draft.replyHandlers.add(new SagaDraft.Taking(
                step,
                new ReplyHandler(reply.asSubclass(Reply.class), (before, answer) -> {
                    Object after = SagaMethods.call(method, bean, before, answer);
                    return after == null ? before : after;
                }),
                where(method)));
    }

    private @Nullable Consumer<Object> hook(
            Method method, Class<? extends Annotation> annotation, @Nullable Consumer<Object> known) {
        if (!isCallable(method, annotation, 1)) {
            return known;
        }
        draft.dataTypes.putIfAbsent(method.getParameterTypes()[0], where(method));
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
        if (Modifier.isStatic(method.getModifiers())
                || Modifier.isPrivate(method.getModifiers())
                || method.getParameterCount() != parameters) {
            draft.problem(
                    ProblemCode.BAD_SIGNATURE,
                    where(method),
                    "a @%s method is neither static nor private and takes %s."
                            .formatted(
                                    annotation.getSimpleName(),
                                    parameters == 1 ? "one parameter, the data" : "the data and a reply"),
                    "Change its signature.");
            return false;
        }
        method.setAccessible(true);
        return true;
    }

    private @Nullable Duration duration(String text, String where) {
        if (text.isEmpty()) {
            return null;
        }
        Matcher matcher = SHORT_DURATION.matcher(text);
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        }
        try {
            Duration parsed = Duration.parse(text);
            if (!parsed.isNegative() && !parsed.isZero()) {
                return parsed;
            }
        } catch (DateTimeParseException notOne) {
            // reported below, with the place
        }
        draft.problem(
                ProblemCode.BAD_SIGNATURE,
                where,
                "'%s' is not a duration.".formatted(text),
                "Write 500ms, 30s, 10m, 2h, 1d or an ISO-8601 duration such as PT10M.");
        return null;
    }

    private static String where(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }
}
