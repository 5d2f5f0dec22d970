package io.amends.runtime.participant;

import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.Deferred;
import io.amends.saga.MessageTypes;
import io.amends.saga.Reply;
import io.amends.saga.ReplyToken;
import io.amends.saga.Success;
import io.amends.saga.definition.Contract;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.UndeclaredThrowableException;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Reads participants from classes with {@link CommandHandler} methods. */
public final class AnnotatedParticipants {

    private static final Set<Propagation> LEAVES =
            EnumSet.of(Propagation.REQUIRES_NEW, Propagation.NOT_SUPPORTED, Propagation.NEVER);

    private AnnotatedParticipants() {}

    /**
     * The participant that the class declares.
     *
     * @param name its name, placeholders resolved
     * @param declaring the class with the annotations
     * @param bean the object whose methods are called; may be a subclass that a container made
     * @throws InvalidParticipantException if anything is wrong with the class; the text lists every problem
     */
    public static ParticipantDefinition read(String name, Class<?> declaring, Object bean) {
        List<String> problems = new ArrayList<>();
        if (!MessageTypes.isName(name)) {
            problems.add(
                    "'%s' is not a participant's name: use lower case letters, digits and hyphens.".formatted(name));
        }
        Map<String, CommandMethod> handlers = new TreeMap<>();
        for (Method method : methodsOf(declaring)) {
            if (method.isAnnotationPresent(CommandHandler.class)) {
                String problem = problemOf(method);
                if (problem != null) {
                    problems.add("%s.%s: %s".formatted(declaring.getSimpleName(), method.getName(), problem));
                    continue;
                }
                CommandMethod handler = handler(method, bean);
                CommandMethod other = handlers.put(handler.type(), handler);
                if (other != null) {
                    problems.add("%s.%s: another method handles %s too. Keep one of them."
                            .formatted(declaring.getSimpleName(), method.getName(), handler.type()));
                }
            }
        }
        if (handlers.isEmpty() && problems.isEmpty()) {
            problems.add("%s has no @CommandHandler method.".formatted(declaring.getName()));
        }
        if (!problems.isEmpty()) {
            throw new InvalidParticipantException(declaring, problems);
        }
        return new ParticipantDefinition(name, handlers);
    }

    /** The class's methods and those that it inherits, in an order of our own: reflection has none. */
    private static List<Method> methodsOf(Class<?> declaring) {
        List<Method> methods = new ArrayList<>();
        Set<String> overridden = new HashSet<>();
        for (Class<?> type = declaring; type != null && type != Object.class; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                // A compiler's bridge carries the annotation too.
                if (!method.isSynthetic()
                        && overridden.add(method.getName() + Arrays.toString(method.getParameterTypes()))) {
                    methods.add(method);
                }
            }
        }
        methods.sort(Comparator.comparing(Method::toString));
        return methods;
    }

    private static @Nullable String problemOf(Method method) {
        if (Modifier.isStatic(method.getModifiers()) || Modifier.isPrivate(method.getModifiers())) {
            return "a @CommandHandler method is neither static nor private.";
        }
        Propagation apart = ownTransaction(method);
        if (apart != null) {
            return "@Transactional(propagation = %s) keeps what it writes out of the transaction in which its reply is stored. Remove the annotation: a handler runs in a transaction."
                    .formatted(apart);
        }
        Class<?>[] parameters = method.getParameterTypes();
        boolean takesToken = parameters.length == 2 && parameters[1] == ReplyToken.class;
        if ((parameters.length != 1 && !takesToken) || !Command.class.isAssignableFrom(parameters[0])) {
            return "a @CommandHandler method takes one parameter, the command; to answer later, a ReplyToken besides.";
        }
        if (takesToken != (method.getReturnType() == Deferred.class)) {
            return "who takes a ReplyToken returns a Deferred, and the other way round.";
        }
        Class<?> answered = answered(method);
        Contract contract = Contract.of(commandType(method));
        if (!Reply.class.isAssignableFrom(answered)) {
            return "a @CommandHandler method returns a reply, not %s. Let it return %s, as %s says."
                    .formatted(
                            answered.getSimpleName(),
                            contract.replyType().getSimpleName(),
                            parameters[0].getSimpleName());
        }
        for (Class<?> undecided :
                Contract.ofReply(answered.asSubclass(Reply.class)).undecided()) {
            return "its reply %s is %s. Let it implement Rejection if the answer is no, else Success."
                    .formatted(
                            undecided.getSimpleName(),
                            Success.class.isAssignableFrom(undecided)
                                    ? "both a Success and a Rejection"
                                    : "neither a Success nor a Rejection");
        }
        if (contract.isClosed()
                && !contract.replyType().isAssignableFrom(answered)
                && !answered.isAssignableFrom(contract.replyType())) {
            return "it returns %s, but the contract of %s is %s. Let it return that, or declare another one for the command."
                    .formatted(
                            answered.getSimpleName(),
                            method.getParameterTypes()[0].getSimpleName(),
                            contract.replyType().getSimpleName());
        }
        return null;
    }

    /** How the method leaves the transaction that it is called in; null if it stays. */
    private static @Nullable Propagation ownTransaction(Method method) {
        Transactional declared = AnnotatedElementUtils.findMergedAnnotation(method, Transactional.class);
        if (declared == null) {
            declared = AnnotatedElementUtils.findMergedAnnotation(method.getDeclaringClass(), Transactional.class);
        }
        return declared != null && LEAVES.contains(declared.propagation()) ? declared.propagation() : null;
    }

    /** What the method answers with, now or later. */
    private static Class<?> answered(Method method) {
        if (method.getReturnType() != Deferred.class) {
            return method.getReturnType();
        }
        Type argument = method.getGenericReturnType() instanceof ParameterizedType deferred
                ? deferred.getActualTypeArguments()[0]
                : Reply.class;
        if (argument instanceof WildcardType wildcard) {
            argument = wildcard.getUpperBounds()[0];
        }
        return argument instanceof Class<?> known ? known : Reply.class;
    }

    private static CommandMethod handler(Method method, Object bean) {
        Class<? extends Command<?>> commandType = commandType(method);
        method.setAccessible(true);
        CommandHandler declared = Objects.requireNonNull(method.getAnnotation(CommandHandler.class));
        Contract contract = Contract.of(commandType);
        return new CommandMethod(
                MessageTypes.nameOf(commandType),
                commandType,
                contract.canBeRejected(),
                thrown -> thrown instanceof HandlerAnswerException
                        || Stream.of(declared.notAfter()).anyMatch(type -> type.isInstance(thrown)),
                (command, token) -> method.getReturnType() == Deferred.class
                        ? (Deferred<?>) invoke(method, bean, command, token.get())
                        : Deferred.now(inContract(method, contract, (Reply) invoke(method, bean, command))));
    }

    /** A method may be declared to return more than the contract has, such as {@code Reply}. */
    private static Reply inContract(Method method, Contract contract, Reply reply) {
        if (contract.isClosed() && contract.replies().stream().noneMatch(type -> type.isInstance(reply))) {
            throw new HandlerAnswerException("%s answered with %s, but may only answer with %s"
                    .formatted(
                            where(method),
                            reply.getClass().getSimpleName(),
                            contract.replies().stream()
                                    .map(Class::getSimpleName)
                                    .sorted()
                                    .collect(Collectors.joining(", "))));
        }
        return reply;
    }

    private static String where(Method method) {
        return "%s.%s(%s)"
                .formatted(
                        method.getDeclaringClass().getSimpleName(),
                        method.getName(),
                        method.getParameterTypes()[0].getSimpleName());
    }

    private static Object invoke(Method method, Object bean, Object... arguments) {
        try {
            Object reply = method.invoke(bean, arguments);
            if (reply == null) {
                throw new HandlerAnswerException(
                        "%s returned null; a handler answers with a reply".formatted(where(method)));
            }
            return reply;
        } catch (InvocationTargetException thrown) {
            Throwable cause = thrown.getCause();
            if (cause instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw new UndeclaredThrowableException(cause, "The handler " + method.getName() + " threw");
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException("The handler was made accessible.", impossible);
        }
    }

    @SuppressWarnings("unchecked") // checked by problemOf
    private static Class<? extends Command<?>> commandType(Method method) {
        return (Class<? extends Command<?>>) method.getParameterTypes()[0];
    }
}
