package io.amends.dashboard.rest;

import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.verbs.ConsoleVerb;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an order brings; each verb takes what it needs of it.
 *
 * @param reason why
 * @param until when a pause ends by itself, null for never
 * @param to the new deadline
 * @param as how the saga ends
 * @param step the step
 * @param compensation whether the step's compensation is meant, not its action
 * @param resultType the logical type of the result that the step is given, null for none
 * @param result the result as JSON, null for none
 * @param version the version that a saga is moved to
 * @param data all of a saga's data, as a text that is JSON, in which no digit of a number gets lost on the way
 */
record VerbRequest(
        @Nullable String reason,
        @Nullable String until,
        @Nullable String to,
        @Nullable String as,
        @Nullable String step,
        @Nullable Boolean compensation,
        @Nullable String resultType,
        @Nullable JsonNode result,
        @Nullable Integer version,
        @Nullable String data) {

    private static final int LONGEST_REASON = 2_000;

    /** @throws ConsoleProblem if there is no verb of that name */
    static String known(String verb) {
        if (!ConsoleVerb.NAMES.contains(verb)) {
            throw ConsoleProblem.notFound(
                    Sentence.of("There is no verb '%s'. Verbs are: %s.", verb, String.join(", ", ConsoleVerb.NAMES)));
        }
        return verb;
    }

    /** The verb of that name, with this. */
    ConsoleVerb verb(String name) {
        Map<String, String> given = new HashMap<>();
        put(given, "until", until);
        put(given, "to", to);
        put(given, "as", as);
        put(given, "data", data);
        put(given, "step", step);
        put(given, "version", version == null ? null : version.toString());
        put(given, "compensation", compensation == null ? null : compensation.toString());
        put(given, "resultType", resultType);
        put(given, "result", result == null || result.isNull() ? null : result.toString());
        return verb(name, given);
    }

    private static void put(Map<String, String> all, String name, @Nullable String value) {
        if (value != null) {
            all.put(name, value);
        }
    }

    /** The verb of that name, with what stands under the names of this record's members. */
    static ConsoleVerb verb(String name, Map<String, String> given) {
        Map<String, String> arguments = new HashMap<>(given);
        arguments.put("kind", "true".equals(given.get("compensation")) ? "compensation" : "action");
        String type = arguments.remove("resultType");
        if (type != null) {
            arguments.put("result-type", type);
        }
        return ConsoleVerb.of(name, arguments);
    }

    /** The reason, which everybody has to give who changes something. */
    static String reason(@Nullable String text) {
        if (text == null || text.isBlank()) {
            throw ConsoleProblem.badRequest(Sentence.of("Say why, in 'reason': the audit has it."));
        }
        if (text.length() > LONGEST_REASON) {
            throw ConsoleProblem.badRequest(
                    Sentence.of("'reason' has %d characters, and %d at most.", text.length(), LONGEST_REASON));
        }
        return text;
    }
}
