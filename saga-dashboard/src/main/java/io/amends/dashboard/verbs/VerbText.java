package io.amends.dashboard.verbs;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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

    /** The arguments as the audit has them, which many see: of an edit a hash of the data, not the data. */
    public static String audited(ConsoleVerb verb) {
        return verb instanceof ConsoleVerb.EditAndRetry edit
                ? JSON.writeValueAsString(Map.of("data", hash(edit.data())))
                : of(verb);
    }

    /** What tells a text from another one without telling it (SHA-256). */
    public static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java has SHA-256", impossible);
        }
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
