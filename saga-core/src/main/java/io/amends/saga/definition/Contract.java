package io.amends.saga.definition;

import io.amends.saga.Command;
import io.amends.saga.MessageTypes;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Success;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The replies that a command may get: what the {@code R} of its {@code Command<R>} says. Immutable and safe for use by
 * many threads; making one walks the type hierarchy, so keep it where it is asked often.
 */
public final class Contract {

    private final Class<? extends Reply> replyType;
    private final List<Class<? extends Reply>> replies;
    private final List<Class<? extends Reply>> openTypes;

    private Contract(Class<? extends Reply> replyType) {
        this.replyType = replyType;
        Set<Class<? extends Reply>> concrete = new LinkedHashSet<>();
        Set<Class<? extends Reply>> open = new LinkedHashSet<>();
        walk(replyType, concrete, open);
        this.replies =
                concrete.stream().sorted(Comparator.comparing(Class::getName)).toList();
        this.openTypes = List.copyOf(open);
    }

    /**
     * The contract of a command type, found wherever in its hierarchy {@link Command} gets its type argument; any
     * {@link Reply} where it gets none.
     */
    public static Contract of(Class<?> commandType) {
        Class<?> bound =
                GenericTypes.seenFrom(commandType).binding(Command.class.getTypeParameters()[0]);
        return new Contract(bound != null && Reply.class.isAssignableFrom(bound) ? reply(bound) : Reply.class);
    }

    /** The contract of something that answers with this type. */
    public static Contract ofReply(Class<? extends Reply> replyType) {
        return new Contract(replyType);
    }

    private static void walk(
            Class<? extends Reply> type, Set<Class<? extends Reply>> concrete, Set<Class<? extends Reply>> open) {
        // An enum with constant bodies is implicitly sealed, yet is one reply.
        boolean isOneClass = type.isEnum() || Modifier.isFinal(type.getModifiers());
        if (isOneClass || !Modifier.isAbstract(type.getModifiers())) {
            concrete.add(type);
        }
        if (!isOneClass && type.isSealed()) {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                walk(reply(permitted), concrete, open);
            }
        } else if (!isOneClass) {
            open.add(type);
        }
    }

    private static Class<? extends Reply> reply(Class<?> type) {
        return type.asSubclass(Reply.class);
    }

    /** The type that the command declares. */
    public Class<? extends Reply> replyType() {
        return replyType;
    }

    /** The concrete reply types that are known, by class name; all of them if {@link #isClosed}. */
    public List<Class<? extends Reply>> replies() {
        return replies;
    }

    /** Whether {@link #replies} lists every possible reply: the declared type is final, or sealed all the way down. */
    public boolean isClosed() {
        return openTypes.isEmpty();
    }

    /** The known replies that do not say what they mean: neither a {@link Success} nor a {@link Rejection}, or both. */
    public List<Class<? extends Reply>> undecided() {
        return replies.stream().filter(reply -> !isDecided(reply)).toList();
    }

    /** Whether a reply of that type says what it means: it is either a {@link Success} or a {@link Rejection}. */
    public static boolean isDecided(Class<? extends Reply> type) {
        return Success.class.isAssignableFrom(type) != Rejection.class.isAssignableFrom(type);
    }

    /** What a type that is not {@link #isDecided decided} is instead, in words that follow "is". */
    public static String undecidedWords(Class<? extends Reply> type) {
        return Success.class.isAssignableFrom(type)
                ? "both a Success and a Rejection"
                : "neither a Success nor a Rejection";
    }

    /** What to do about a type that is not {@link #isDecided decided}, in a sentence. */
    public static String undecidedAdvice(Class<? extends Reply> type) {
        boolean canBeAbstract = !type.isEnum() && !Modifier.isFinal(type.getModifiers());
        return "Let it implement Rejection if the answer is no, else Success%s."
                .formatted(
                        canBeAbstract && !Success.class.isAssignableFrom(type)
                                ? ", or make it abstract if only its subclasses are answers"
                                : "");
    }

    /** What is wrong with a reply of a type that is not {@link #isDecided decided}, and what to do, in two sentences. */
    public static String undecidedText(Class<? extends Reply> type) {
        return "%s, which is %s. %s".formatted(type.getSimpleName(), undecidedWords(type), undecidedAdvice(type));
    }

    /**
     * Checks that a reply says what it means.
     *
     * @param reply null is plain success
     * @throws IllegalArgumentException if its type is not {@link #isDecided decided}
     */
    public static void requireDecided(@Nullable Reply reply) {
        if (reply != null && !isDecided(reply.getClass())) {
            throw new IllegalArgumentException("The answer is " + undecidedText(reply.getClass()));
        }
    }

    /** Whether some reply is, or for all that is known could be, a {@link Rejection}. */
    public boolean canBeRejected() {
        return replies.stream().anyMatch(Rejection.class::isAssignableFrom)
                || !openTypes.stream().allMatch(Success.class::isAssignableFrom);
    }

    /** The known reply of a logical type; empty if there is none, or if several share the name. */
    public Optional<Class<? extends Reply>> byTypeName(String typeName) {
        List<Class<? extends Reply>> named = new ArrayList<>();
        for (Class<? extends Reply> each : replies) {
            if (MessageTypes.nameOf(each).equals(typeName)) {
                named.add(each);
            }
        }
        return named.size() == 1 ? Optional.of(named.get(0)) : Optional.empty();
    }

    /** Whether a reply of the contract can be an instance of this type. */
    boolean allows(Class<? extends Reply> replyType) {
        if (replies.stream().anyMatch(replyType::isAssignableFrom)) {
            return true;
        }
        Contract wanted = ofReply(replyType);
        return openTypes.stream()
                .anyMatch(open -> wanted.replies.stream().anyMatch(open::isAssignableFrom)
                        || wanted.openTypes.stream().anyMatch(each -> canOverlap(open, each)));
    }

    private static boolean canOverlap(Class<?> one, Class<?> other) {
        boolean contradict = isSuccessAndRejection(one, other) || isSuccessAndRejection(other, one);
        return !contradict
                && (one.isAssignableFrom(other)
                        || other.isAssignableFrom(one)
                        || one.isInterface()
                        || other.isInterface());
    }

    private static boolean isSuccessAndRejection(Class<?> one, Class<?> other) {
        return Success.class.isAssignableFrom(one) && Rejection.class.isAssignableFrom(other);
    }
}
