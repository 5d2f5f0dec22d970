package io.amends.runtime.participant;

import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.Deferred;
import io.amends.saga.MessageTypes;
import io.amends.saga.Reply;
import io.amends.saga.ReplyToken;
import io.amends.saga.definition.Contract;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationAttributes;
import org.springframework.transaction.annotation.Transactional;

/** Reads participants from classes with {@link CommandHandler} methods. */
public final class AnnotatedParticipants {

    private static final Set<String> LEAVES = Set.of("REQUIRES_NEW", "NOT_SUPPORTED", "NEVER");

    /** Spring heeds it beside its own annotation, and an application need not have it. */
    private static final String JTA_TRANSACTIONAL = "jakarta.transaction.Transactional";

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
                String problem = problemOf(method, declaring);
                if (problem != null) {
                    problems.add("%s.%s: %s".formatted(declaring.getSimpleName(), method.getName(), problem));
                    continue;
                }
                CommandMethod handler = handler(method, declaring, bean);
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
                if (!method.isSynthetic() && overridden.add(signature(method, declaring))) {
                    methods.add(method);
                }
            }
        }
        methods.sort(Comparator.comparing(Method::toString));
        return methods;
    }

    /** With what type variables stand for: a method overrides one that has the same then. */
    private static String signature(Method method, Class<?> declaring) {
        return IntStream.range(0, method.getParameterCount())
                .mapToObj(i -> parameter(method, i, declaring).getName())
                .collect(Collectors.joining(", ", method.getName() + "(", ")"));
    }

    private static Class<?> parameter(Method method, int index, Class<?> declaring) {
        return ResolvableType.forMethodParameter(method, index, declaring).resolve(method.getParameterTypes()[index]);
    }

    private static @Nullable String problemOf(Method method, Class<?> declaring) {
        if (Modifier.isStatic(method.getModifiers()) || Modifier.isPrivate(method.getModifiers())) {
            return "a @CommandHandler method is neither static nor private.";
        }
        String apart = ownTransaction(method);
        if (apart != null) {
            return "@Transactional with %s keeps what it writes out of the transaction in which its reply is stored. Remove the annotation: a handler runs in a transaction."
                    .formatted(apart);
        }
        Class<?>[] parameters = method.getParameterTypes();
        boolean takesToken = parameters.length == 2 && parameters[1] == ReplyToken.class;
        Class<?> command = parameters.length == 0 ? Object.class : parameter(method, 0, declaring);
        if ((parameters.length != 1 && !takesToken) || !Command.class.isAssignableFrom(command)) {
            return "a @CommandHandler method takes one parameter, the command; to answer later, a ReplyToken besides.";
        }
        if (takesToken != (method.getReturnType() == Deferred.class)) {
            return "who takes a ReplyToken returns a Deferred, and the other way round.";
        }
        if (command == Command.class) {
            return "which command it takes is not known. Let it take a command's class, or the class that inherits it say what the type variable stands for.";
        }
        Class<?> answered = answered(method, declaring);
        Contract contract = Contract.of(command);
        if (!Reply.class.isAssignableFrom(answered)) {
            return "a @CommandHandler method returns a reply, not %s. Let it return %s, as %s says."
                    .formatted(answered.getSimpleName(), contract.replyType().getSimpleName(), command.getSimpleName());
        }
        for (Class<? extends Reply> undecided :
                Contract.ofReply(answered.asSubclass(Reply.class)).undecided()) {
            return "its reply %s is %s. %s"
                    .formatted(
                            undecided.getSimpleName(),
                            Contract.undecidedWords(undecided),
                            Contract.undecidedAdvice(undecided));
        }
        if (contract.isClosed()
                && !contract.replyType().isAssignableFrom(answered)
                && !answered.isAssignableFrom(contract.replyType())) {
            return "it returns %s, but the contract of %s is %s. Let it return that, or declare another one for the command."
                    .formatted(
                            answered.getSimpleName(),
                            command.getSimpleName(),
                            contract.replyType().getSimpleName());
        }
        return null;
    }

    /** How the method leaves the transaction that it is called in; null if it stays. */
    private static @Nullable String ownTransaction(Method method) {
        String declared = propagation(method);
        if (declared == null) {
            declared = propagation(method.getDeclaringClass());
        }
        return declared != null && LEAVES.contains(declared) ? declared : null;
    }

    /** The propagation that Spring's annotation names, or JTA's; null without either. */
    private static @Nullable String propagation(AnnotatedElement element) {
        Transactional declared = AnnotatedElementUtils.findMergedAnnotation(element, Transactional.class);
        if (declared != null) {
            return declared.propagation().name();
        }
        AnnotationAttributes jta =
                AnnotatedElementUtils.findMergedAnnotationAttributes(element, JTA_TRANSACTIONAL, false, false);
        return jta == null ? null : jta.getEnum("value").name();
    }

    /** What the method answers with, now or later. */
    private static Class<?> answered(Method method, Class<?> declaring) {
        ResolvableType returned = ResolvableType.forMethodReturnType(method, declaring);
        return method.getReturnType() == Deferred.class
                ? returned.getGeneric().resolve(Reply.class)
                : returned.resolve(method.getReturnType());
    }

    @SuppressWarnings("unchecked") // checked by problemOf
    private static CommandMethod handler(Method method, Class<?> declaring, Object bean) {
        Class<? extends Command<?>> commandType = (Class<? extends Command<?>>) parameter(method, 0, declaring);
        String where = "%s.%s(%s)"
                .formatted(method.getDeclaringClass().getSimpleName(), method.getName(), commandType.getSimpleName());
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
                        ? (Deferred<?>) invoke(where, method, bean, command, token.get())
                        : Deferred.now(inContract(where, contract, (Reply) invoke(where, method, bean, command))));
    }

    /** A method may be declared to return more than the contract has, such as {@code Reply}. */
    private static Reply inContract(String where, Contract contract, Reply reply) {
        if (contract.isClosed() && contract.replies().stream().noneMatch(type -> type.isInstance(reply))) {
            throw new HandlerAnswerException("%s answered with %s, but may only answer with %s"
                    .formatted(
                            where,
                            reply.getClass().getSimpleName(),
                            contract.replies().stream()
                                    .map(Class::getSimpleName)
                                    .sorted()
                                    .collect(Collectors.joining(", "))));
        }
        return reply;
    }

    private static Object invoke(String where, Method method, Object bean, Object... arguments) {
        try {
            Object reply = method.invoke(bean, arguments);
            if (reply == null) {
                throw new HandlerAnswerException("%s returned null; a handler answers with a reply".formatted(where));
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
}
