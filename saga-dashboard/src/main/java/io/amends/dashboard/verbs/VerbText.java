package io.amends.dashboard.verbs;

import java.util.Map;
import java.util.TreeMap;
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
     * The verb of that name with the arguments in that text.
     *
     * @throws IllegalArgumentException if that is no verb
     */
    public static ConsoleVerb read(String name, String arguments) {
        return ConsoleVerb.of(name, arguments.isEmpty() ? Map.of() : JSON.readValue(arguments, TEXTS));
    }
}
