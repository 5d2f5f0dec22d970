package io.amends.dashboard.verbs;

import io.amends.dashboard.language.NotTakenException;
import io.amends.dashboard.language.Sentence;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.SagaPhase;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an operator can order. Its name and arguments are what pages, interfaces, and tables have of it. */
public sealed interface ConsoleVerb {

    /** What it is called, such as {@code extend-deadline}. */
    String name();

    /** The rest of it, by name; what is null is left out. */
    default Map<String, String> arguments() {
        return Map.of();
    }

    /** Tries again now what is open, failed or could not be begun; commands keep their keys, what was rejected is asked anew. */
    record Retry() implements ConsoleVerb {
        @Override
        public String name() {
            return "retry";
        }
    }

    /**
     * Puts other data in the place of a stuck saga's, and tries again.
     *
     * @param data the whole of it as the application's codec writes it (JSON); masked pieces may stand in it as they are shown
     */
    record EditAndRetry(String data) implements ConsoleVerb {

        /** What it is called. */
        public static final String NAME = "edit-and-retry";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public Map<String, String> arguments() {
            return Map.of("data", data);
        }

        /** Does not tell the data. */
        @Override
        public String toString() {
            return "EditAndRetry[%d characters]".formatted(data.length());
        }
    }

    /**
     * Takes a step as done, or its compensation as done elsewhere.
     *
     * @param step the step
     * @param kind its action or its compensation
     * @param resultType the logical type of the result that the step is given, null for none
     * @param result the result as the application's codec writes it (JSON, unless it has another), null for none
     */
    record Skip(
            String step,
            CommandKind kind,
            @Nullable String resultType,
            @Nullable String result) implements ConsoleVerb {

        public Skip {
            if ((resultType == null) != (result == null)) {
                throw new NotTakenException(
                        Sentence.of("A result comes with its type: give 'result' and 'result-type'."));
            }
        }

        @Override
        public String name() {
            return "skip";
        }

        @Override
        public Map<String, String> arguments() {
            Map<String, String> all = new TreeMap<>(Map.of("step", step, "kind", kind.wireName()));
            if (resultType != null && result != null) {
                all.put("result-type", resultType);
                all.put("result", result);
            }
            return all;
        }
    }

    /**
     * Goes on from a step, which is asked again.
     *
     * @param step the step
     */
    record ResumeFromStep(String step) implements ConsoleVerb {
        @Override
        public String name() {
            return "resume-from-step";
        }

        @Override
        public Map<String, String> arguments() {
            return Map.of("step", step);
        }
    }

    /** Takes up again what was ended by hand. */
    record Reopen() implements ConsoleVerb {
        @Override
        public String name() {
            return "reopen";
        }
    }

    /** Turns back: what has, or may have, had an effect is compensated. Before the pivot this is how a saga is cancelled. */
    record Compensate() implements ConsoleVerb {
        @Override
        public String name() {
            return "compensate";
        }
    }

    /**
     * Ends the saga as it is.
     *
     * @param as completed or compensated
     */
    record Resolve(SagaPhase as) implements ConsoleVerb {

        public Resolve {
            if (!as.isTerminal()) {
                throw new NotTakenException(
                        Sentence.of("A saga is ended as COMPLETED or as COMPENSATED, not as %s.", as));
            }
        }

        @Override
        public String name() {
            return "resolve";
        }

        @Override
        public Map<String, String> arguments() {
            return Map.of("as", as.name());
        }
    }

    /**
     * Lets nothing new begin.
     *
     * @param until when it ends by itself, null for never
     */
    record Pause(@Nullable Instant until) implements ConsoleVerb {
        @Override
        public String name() {
            return "pause";
        }

        @Override
        public Map<String, String> arguments() {
            return until == null ? Map.of() : Map.of("until", until.toString());
        }
    }

    /** Ends a pause. */
    record Resume() implements ConsoleVerb {
        @Override
        public String name() {
            return "resume";
        }
    }

    /**
     * Moves the deadline.
     *
     * @param to the new one
     */
    record ExtendDeadline(Instant to) implements ConsoleVerb {
        @Override
        public String name() {
            return "extend-deadline";
        }

        @Override
        public Map<String, String> arguments() {
            return Map.of("to", to.toString());
        }
    }

    /**
     * Moves the saga to another version of its definition.
     *
     * @param version the version, which this process has
     */
    record Migrate(int version) implements ConsoleVerb {

        /** What it is called. */
        public static final String NAME = "migrate";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public Map<String, String> arguments() {
            return Map.of("version", Integer.toString(version));
        }
    }

    /** The names of all verbs. */
    List<String> NAMES = List.of(
            "retry",
            EditAndRetry.NAME,
            "resume-from-step",
            "skip",
            "compensate",
            "resolve",
            "reopen",
            "pause",
            "resume",
            "extend-deadline",
            Migrate.NAME);

    /**
     * The verb of that name with those arguments; others are ignored.
     *
     * @throws IllegalArgumentException if there is none, or if its arguments are not what it needs
     */
    static ConsoleVerb of(String name, Map<String, String> arguments) {
        return switch (name) {
            case "retry" -> new Retry();
            case EditAndRetry.NAME -> new EditAndRetry(needed(name, arguments, "data"));
            case "skip" ->
                new Skip(
                        needed(name, arguments, "step"),
                        constant(CommandKind.class, name, arguments, "kind"),
                        arguments.get("result-type"),
                        arguments.get("result"));
            case "resume-from-step" -> new ResumeFromStep(needed(name, arguments, "step"));
            case "reopen" -> new Reopen();
            case "compensate" -> new Compensate();
            case "resolve" -> new Resolve(constant(SagaPhase.class, name, arguments, "as"));
            case "pause" -> new Pause(arguments.containsKey("until") ? time(name, arguments, "until") : null);
            case "resume" -> new Resume();
            case "extend-deadline" -> new ExtendDeadline(time(name, arguments, "to"));
            case Migrate.NAME -> new Migrate(version(needed(name, arguments, "version")));
            default ->
                throw new NotTakenException(
                        Sentence.of("There is no verb '%s'. Verbs are: %s.", name, String.join(", ", NAMES)));
        };
    }

    private static String needed(String verb, Map<String, String> arguments, String argument) {
        String value = arguments.get(argument);
        if (value == null || value.isBlank()) {
            throw new NotTakenException(Sentence.of("The verb '%s' needs '%s'.", verb, argument));
        }
        return value;
    }

    private static <E extends Enum<E>> E constant(
            Class<E> type, String verb, Map<String, String> arguments, String argument) {
        String value = needed(verb, arguments, argument);
        List<String> names = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(value)) {
                return constant;
            }
            names.add(constant.name().toLowerCase(Locale.ROOT));
        }
        throw new NotTakenException(Sentence.of(
                "The verb '%s' has '%s' = '%s'; it can be: %s.", verb, argument, value, String.join(", ", names)));
    }

    private static int version(String value) {
        if (!value.matches("[1-9][0-9]{0,8}")) {
            throw new NotTakenException(
                    Sentence.of("The verb 'migrate' has 'version' = '%s', which is not a version such as 2.", value));
        }
        return Integer.parseInt(value);
    }

    private static Instant time(String verb, Map<String, String> arguments, String argument) {
        String value = needed(verb, arguments, argument);
        try {
            return Instant.parse(value);
        } catch (DateTimeParseException notATime) {
            throw new NotTakenException(
                    Sentence.of(
                            "The verb '%s' has '%s' = '%s', which is not a time such as 2026-01-31T12:00:00Z.",
                            verb, argument, value),
                    notATime);
        }
    }
}
