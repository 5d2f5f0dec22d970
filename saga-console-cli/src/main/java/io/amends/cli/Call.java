package io.amends.cli;

import io.amends.cli.Route.Form;
import io.amends.cli.Route.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was called for.
 *
 * @param words what is no option, the command first
 * @param options by name, without the dashes; those without a value are "true"
 */
record Call(List<String> words, Map<String, String> options) {

    private static final Set<String> SWITCHES =
            known(Form.SWITCH::equals, "json", "all", "check", "history", "help", "compensation", "dry-run");
    private static final Set<String> VALUES = known(
            form -> form != Form.SWITCH,
            "url",
            "user",
            "version",
            "age",
            "wait",
            "key",
            "until",
            "to",
            "as",
            "step",
            "result-type",
            "result",
            "data",
            "ramp",
            "per-second");
    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final long LONGEST_FILE = 16L << 20;
    private static final Pattern TIME = Pattern.compile("([0-9]{1,6})(ms|s|m|h)");

    Call {
        words = List.copyOf(words);
        options = Map.copyOf(options);
    }

    /** Those, and those of the routes. */
    private static Set<String> known(Predicate<Form> form, String... more) {
        return Stream.concat(
                        Stream.of(more),
                        Routes.options()
                                .filter(option -> form.test(option.form()))
                                .map(Option::name))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** @throws CliException if it can't be understood */
    static Call read(String... arguments) {
        List<String> words = new ArrayList<>();
        Map<String, String> options = new TreeMap<>();
        boolean onlyWords = false;
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            if (onlyWords || !argument.startsWith("--")) {
                words.add(argument);
            } else if (argument.equals("--")) {
                onlyWords = true;
            } else {
                int equals = argument.indexOf('=');
                String name = argument.substring(2, equals < 0 ? argument.length() : equals);
                if (SWITCHES.contains(name) && equals < 0) {
                    options.put(name, "true");
                } else if (!VALUES.contains(name)) {
                    throw CliException.usage("There is no option --%s. Call 'help' for all of them.".formatted(name));
                } else if (equals >= 0) {
                    options.put(name, argument.substring(equals + 1));
                } else if (i + 1 < arguments.length) {
                    options.put(name, arguments[++i]);
                } else {
                    throw CliException.usage("Option --%s needs a value.".formatted(name));
                }
            }
        }
        return new Call(words, options);
    }

    String command() {
        return words.isEmpty() || is("help") ? "help" : words.get(0);
    }

    boolean is(String option) {
        return options.containsKey(option);
    }

    @Nullable
    String option(String name) {
        return options.get(name);
    }

    String option(String name, String otherwise) {
        return options.getOrDefault(name, otherwise);
    }

    /** @throws CliException if it is not there */
    String needed(String option) {
        String value = options.get(option);
        if (value == null || value.isBlank()) {
            throw CliException.usage("'%s' needs --%s.".formatted(command(), option));
        }
        return value;
    }

    /** @throws CliException if it is not there, or no whole number from 1 */
    int number(String option) {
        String value = needed(option);
        if (!value.matches("[1-9][0-9]{0,8}")) {
            throw CliException.usage("--%s is a number such as 2, not '%s'.".formatted(option, value));
        }
        return Integer.parseInt(value);
    }

    /** @throws CliException if it is not there, or no number */
    double decimal(String option) {
        String value = needed(option);
        if (!value.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
            throw CliException.usage("--%s is a number such as 0.2, not '%s'.".formatted(option, value));
        }
        return Double.parseDouble(value);
    }

    /** @throws CliException if they are not there, or no whole numbers */
    List<Integer> numbers(String option) {
        String value = needed(option);
        if (!value.matches("[0-9]{1,9}(,[0-9]{1,9})*")) {
            throw CliException.usage("--%s is numbers such as 1,10,100, not '%s'.".formatted(option, value));
        }
        return Stream.of(value.split(",", -1)).map(Integer::valueOf).toList();
    }

    /**
     * What the file holds that is named there. What is edited is no option's value: everybody on the machine can read those.
     *
     * @throws CliException if it is not there, or can't be read
     */
    String file(String option) {
        String name = needed(option);
        try {
            Path file = Path.of(name);
            if (Files.size(file) > LONGEST_FILE) {
                throw CliException.usage("'%s' is longer than %d bytes.".formatted(name, LONGEST_FILE));
            }
            return Files.readString(file);
        } catch (IOException | InvalidPathException unread) {
            throw CliException.usage("--%s is a file with text in UTF-8, and '%s' can't be read as one: %s"
                    .formatted(option, name, unread));
        }
    }

    /**
     * The one word behind the command.
     *
     * @throws CliException if there is none, or more
     */
    String word(String what) {
        if (words.size() != 2) {
            throw CliException.usage("'%s' needs one %s.".formatted(command(), what));
        }
        return words.get(1);
    }

    /**
     * The one word behind the command, an id.
     *
     * @throws CliException if it is none
     */
    String id() {
        return checkedId(word("id"));
    }

    /** @throws CliException if it is none */
    static String checkedId(String id) {
        if (!ID.matcher(id).matches()) {
            throw CliException.usage(
                    "'%s' is no id such as 0198c5a0-1111-7000-8000-0123456789ab. 'search %s' looks for a saga, 'approvals' lists requests."
                            .formatted(id, id));
        }
        return id;
    }

    /** The words behind the command. */
    String rest() {
        return String.join(" ", words.subList(1, words.size()));
    }

    /** How long, null if that was not said. */
    @Nullable
    Duration time(String option) {
        String value = options.get(option);
        if (value == null) {
            return null;
        }
        Matcher parts = TIME.matcher(value);
        if (!parts.matches()) {
            throw CliException.usage("--%s is a time such as 30s or 5m, not '%s'.".formatted(option, value));
        }
        long number = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }
}
