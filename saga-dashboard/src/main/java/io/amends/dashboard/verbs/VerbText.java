package io.amends.dashboard.verbs;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** A verb's arguments as they stand in the tables: a JSON object of texts, empty for none. */
public final class VerbText {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    private VerbText() {}

    /** The arguments as text. */
    public static String of(ConsoleVerb verb) {
        Map<String, String> arguments = verb.arguments();
        return arguments.isEmpty() ? "" : JSON.writeValueAsString(new TreeMap<>(arguments));
    }

    /**
     * The arguments as the audit has them, which many see: of an edit a mark of the data, not the data.
     *
     * @param mark tells a text from another one, and nobody can guess the text from it ({@code AuditLog.mark})
     */
    public static String audited(ConsoleVerb verb, UnaryOperator<String> mark) {
        return verb instanceof ConsoleVerb.EditAndRetry edit
                ? JSON.writeValueAsString(Map.of("data", mark.apply(edit.data())))
                : of(verb);
    }

    /**
     * The verb of that name with the arguments in that text.
     *
     * @throws IllegalArgumentException if that is no verb
     */
    public static ConsoleVerb read(String name, String arguments) {
        return ConsoleVerb.of(name, arguments.isEmpty() ? Map.of() : JSON.readValue(arguments, TEXTS));
    }
}
