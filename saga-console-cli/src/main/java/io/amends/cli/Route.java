package io.amends.cli;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A command that is one call of the API. All that it takes stands in its usage, which is also its help.
 *
 * @param kind how it is called
 * @param usage its name, its words in capitals, and its options with what their values are; in brackets what may be left out
 * @param path the address below the API's, with {@code {}} for each word in turn
 * @param standing where the revision is found that an order names, null if it names none or has to be told
 * @param shown how people are shown the answer
 * @param help what it is for
 */
record Route(Kind kind, String usage, String path, @Nullable Standing standing, Shown shown, String help) {

    /** How a route is called. */
    enum Kind {
        /** It only reads. */
        ASK,
        /** It only reads, and answers text of any length. */
        EXPORT,
        /** It changes something, and under the same key once. */
        ORDER,
        /** It is sent something, and takes no key. */
        SEND
    }

    /** What an option's value is. */
    enum Form {
        SWITCH,
        TEXT,
        WHOLE,
        DECIMAL,
        FILE
    }

    /**
     * An option.
     *
     * @param name without the dashes
     */
    record Option(String name, Form form, boolean isNeeded) {

        /** What the API calls it. */
        String member() {
            if (name.equals("filter")) {
                return "q";
            }
            StringBuilder camel = new StringBuilder();
            for (String part : name.split("-", -1)) {
                camel.append(
                        camel.isEmpty() ? part : part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1));
            }
            return camel.toString();
        }
    }

    /**
     * Where that is found which an order changes: its revision, and what stays as it is unless it is told.
     *
     * @param path where it is listed, with {@code {}} for the order's word
     * @param rows the list
     * @param within what of a row it is, empty for all of it
     * @param kept by the order's member what that is called there
     */
    record Standing(String path, String rows, String within, Map<String, String> kept) {}

    String name() {
        return usage.split(" ", 2)[0];
    }

    /** The words behind the name, in capitals as in the usage; one in brackets is all the words that are left. */
    List<String> words() {
        return List.of(usage.split(" ", -1)).stream()
                .skip(1)
                .takeWhile(part -> !part.contains("--"))
                .toList();
    }

    List<Option> options() {
        List<Option> options = new ArrayList<>();
        Iterator<String> parts = List.of(usage.split(" ", -1)).iterator();
        while (parts.hasNext()) {
            String part = parts.next();
            int dashes = part.indexOf("--");
            if (dashes >= 0) {
                boolean isSwitch = part.endsWith("]");
                String name = part.substring(dashes + 2, part.length() - (isSwitch ? 1 : 0));
                options.add(new Option(
                        name, isSwitch ? Form.SWITCH : form(parts.next().replace("]", "")), dashes == 0));
            }
        }
        return options;
    }

    private static Form form(String placeholder) {
        return switch (placeholder) {
            case "N" -> Form.WHOLE;
            case "RATIO" -> Form.DECIMAL;
            case "FILE" -> Form.FILE;
            default -> Form.TEXT;
        };
    }
}
