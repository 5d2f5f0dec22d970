package io.amends.saga;

import java.util.Locale;
import java.util.regex.Pattern;

/** Logical names of messages, and the one rule that names of sagas, steps and participants follow. */
public final class MessageTypes {

    private static final Pattern WORD_START = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,98}[a-z0-9])?");

    private MessageTypes() {}

    /** The name that the type has on the wire: its {@link MessageType}, else its simple name in kebab case. */
    public static String nameOf(Class<?> type) {
        MessageType declared = type.getAnnotation(MessageType.class);
        return declared != null
                ? declared.value()
                : WORD_START.matcher(type.getSimpleName()).replaceAll("-").toLowerCase(Locale.ROOT);
    }

    /** Whether a saga, step or participant may have this name: 1 to 100 lower case letters, digits and hyphens. */
    public static boolean isName(String candidate) {
        return NAME.matcher(candidate).matches();
    }
}
