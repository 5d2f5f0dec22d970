package io.amends.dashboard.access;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Puts asterisks in the place of what operators do not see. JSON is masked by the names of its fields; other text where
 * it says {@code name=value} or {@code name: value} of such a name, as exceptions and records do, and where it has a
 * payment card's number. It errs on the side of masking too much. Safe for use by many threads.
 *
 * <p>A name is matched word by word, whatever the case: {@code card} means {@code cardNumber} and {@code credit_card}, not
 * {@code discard}. One with dots is a path, whose last part the place must be: {@code customer.email}.
 */
public final class Masking {

    /** What stands in the place of what is masked. */
    public static final String MASK = "***";

    /** What is not masked is told digit by digit. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final int MOST_NAMES = 10_000;
    private static final int LONGEST_PLACE = 200;
    private static final int DEEPEST = 100;

    /** A name and what leads to its value. */
    private static final Pattern NAMED =
            Pattern.compile("(?<![\\p{L}\\p{N}_.-])(?<name>[\\p{L}\\p{N}_.-]++)\\\\?[\"']?\\s{0,3}[=:]\\s{0,3}");

    private static final Pattern CARD_NUMBER =
            Pattern.compile("(?<![\\p{L}\\p{N}-])[0-9](?:[ -]?[0-9]){12,18}(?![\\p{L}\\p{N}-])");

    private final List<List<String>> paths;
    private final Set<String> exact;
    private final Map<String, Boolean> known = new ConcurrentHashMap<>();

    /**
     * @param paths names or paths
     * @param exact names that are masked as they are, such as those of annotated components
     */
    public Masking(Collection<String> paths, Collection<String> exact) {
        this.paths = paths.stream()
                .filter(path -> !path.isBlank())
                .map(path -> List.of(path.strip().split("\\.")))
                .toList();
        this.exact = Set.copyOf(exact);
    }

    /** The text without what is masked. JSON objects and arrays are masked by their fields. */
    public String text(String text) {
        if (text.length() < 3) {
            return text;
        }
        char first = text.charAt(0);
        if (first == '{' || first == '[') {
            try {
                JsonNode tree = JSON.readTree(text);
                JsonNode masked = tree(tree, List.of());
                return masked.equals(tree) ? text : JSON.writeValueAsString(masked);
            } catch (JacksonException notJson) {
                return plain(text);
            }
        }
        return plain(text);
    }

    /** The text with every value of it masked; for data of which nobody here knows what it holds. */
    public String everything(String text) {
        try {
            return JSON.writeValueAsString(emptied(JSON.readTree(text), 0));
        } catch (JacksonException notJson) {
            return MASK;
        }
    }

    private JsonNode tree(JsonNode node, List<String> place) {
        if (place.size() > DEEPEST) {
            return StringNode.valueOf(MASK);
        }
        if (node instanceof ObjectNode object) {
            ObjectNode masked = JSON.createObjectNode();
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                List<String> at = new ArrayList<>(place);
                at.add(field.getKey());
                boolean hidden = !field.getValue().isNull() && isMasked(at);
                masked.set(field.getKey(), hidden ? StringNode.valueOf(MASK) : tree(field.getValue(), at));
            }
            return masked;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode masked = JSON.createArrayNode();
            array.forEach(element -> masked.add(tree(element, place)));
            return masked;
        }
        return node.isString() ? StringNode.valueOf(text(node.stringValue())) : node;
    }

    private static JsonNode emptied(JsonNode node, int depth) {
        if (depth > DEEPEST) {
            return StringNode.valueOf(MASK);
        }
        if (node instanceof ObjectNode object) {
            ObjectNode masked = JSON.createObjectNode();
            object.properties().forEach(field -> masked.set(field.getKey(), emptied(field.getValue(), depth + 1)));
            return masked;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode masked = JSON.createArrayNode();
            array.forEach(element -> masked.add(emptied(element, depth + 1)));
            return masked;
        }
        return node.isNull() ? node : StringNode.valueOf(MASK);
    }

    private String plain(String text) {
        return CARD_NUMBER
                .matcher(named(text))
                .replaceAll(found -> isCardNumber(found.group())
                        ? Matcher.quoteReplacement(MASK)
                        : Matcher.quoteReplacement(found.group()));
    }

    private String named(String text) {
        Matcher found = NAMED.matcher(text);
        StringBuilder masked = new StringBuilder();
        int done = 0;
        while (found.find()) {
            if (found.end() > done && isMasked(lastParts(found.group("name")))) {
                int end = FreeText.valueEnd(text, found.end());
                masked.append(text, done, Math.max(done, found.end())).append(MASK);
                done = end;
            }
        }
        return done == 0 ? text : masked.append(text, done, text.length()).toString();
    }

    private static List<String> lastParts(String name) {
        return List.of(
                name.substring(Math.max(0, name.length() - LONGEST_PLACE)).split("\\."));
    }

    private boolean isMasked(List<String> place) {
        String joined = String.join(".", place);
        Boolean before = known.get(joined);
        if (before != null) {
            return before;
        }
        boolean masked = !place.isEmpty()
                && (exact.contains(place.get(place.size() - 1))
                        || paths.stream().anyMatch(path -> ends(place, path)));
        if (known.size() < MOST_NAMES && joined.length() <= LONGEST_PLACE) {
            known.put(joined, masked);
        }
        return masked;
    }

    private static boolean ends(List<String> place, List<String> path) {
        if (place.size() < path.size()) {
            return false;
        }
        for (int i = 1; i <= path.size(); i++) {
            if (!has(words(place.get(place.size() - i)), words(path.get(path.size() - i)))) {
                return false;
            }
        }
        return true;
    }

    private static boolean has(String name, String words) {
        return name.contains(words);
    }

    /** In lower case, with a bar before and behind each: {@code |card|number|}. */
    private static String words(String name) {
        return List.of(name.replaceAll("(\\p{Ll}|\\p{N})(\\p{Lu})", "$1 $2")
                        .replaceAll("(\\p{Lu})(\\p{Lu}\\p{Ll})", "$1 $2")
                        .split("[^\\p{L}\\p{N}]+"))
                .stream()
                .filter(word -> !word.isEmpty())
                .map(word -> word.toLowerCase(Locale.ROOT))
                .collect(Collectors.joining("|", "|", "|"));
    }

    /** Luhn's checksum (ISO/IEC 7812-1). */
    private static boolean isCardNumber(String text) {
        int sum = 0;
        boolean twice = false;
        for (int i = text.length() - 1; i >= 0; i--) {
            int digit = Character.digit(text.charAt(i), 10);
            if (digit >= 0) {
                int value = twice ? digit * 2 : digit;
                sum += value > 9 ? value - 9 : value;
                twice = !twice;
            }
        }
        return sum % 10 == 0;
    }
}
