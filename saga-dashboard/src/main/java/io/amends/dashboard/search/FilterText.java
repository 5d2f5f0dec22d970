package io.amends.dashboard.search;

import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.stuck.AgeBucket;
import io.amends.dashboard.stuck.StuckReason;
import io.amends.saga.engine.SagaPhase;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a filter's text: words that are separated by spaces, each {@code name:value}, {@code created>time},
 * {@code created<time} or a bare value; a value with spaces stands in double quotes, in which a backslash makes the next
 * character plain. Used for one text and thrown away.
 */
final class FilterText {

    private static final String NAMES =
            "key, saga, version, phase, reason, stuck, at, participant, node, tenant, attr.<name>, id, message, error, group, created, older";
    private static final Pattern WORD =
            Pattern.compile("(?<name>[a-z]+(?:\\.[^\\s:<>\"]+)?)(?<op>[:<>])(?<value>.*)", Pattern.DOTALL);
    private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,8})([smhd])");
    private static final Pattern GROUP_ID = Pattern.compile("[0-9a-f]{16}");
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");
    private static final int LONGEST = 2_000;
    private static final int MOST_TERMS = 50;

    private final List<Sentence> problems = new ArrayList<>();

    private final @Nullable String tenantAttribute;

    private FilterText(@Nullable String tenantAttribute) {
        this.tenantAttribute = tenantAttribute;
    }

    /**
     * The conditions, in their order.
     *
     * @param tenantAttribute the search attribute that {@code tenant} stands for, null for none
     * @throws BadFilterException if it is no filter
     */
    static List<Term> read(String text, @Nullable String tenantAttribute) {
        if (text.length() > LONGEST) {
            throw new BadFilterException(List.of(
                    Sentence.of("A filter has at most %d characters; this one has %d.", LONGEST, text.length())));
        }
        FilterText reader = new FilterText(tenantAttribute);
        List<Term> terms = new ArrayList<>();
        for (String word : reader.words(text)) {
            reader.term(word, terms);
        }
        if (terms.size() > MOST_TERMS) {
            reader.problems.add(
                    Sentence.of("A filter has at most %d conditions; this one has %d.", MOST_TERMS, terms.size()));
        }
        if (!reader.problems.isEmpty()) {
            throw new BadFilterException(reader.problems);
        }
        return terms;
    }

    /** Words with their quotes and backslashes still in them. */
    private List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quoted && i + 1 < text.length()) {
                word.append(c).append(text.charAt(++i));
            } else if (Character.isWhitespace(c) && !quoted) {
                flush(word, words);
            } else {
                quoted ^= c == '"';
                word.append(c);
            }
        }
        if (quoted) {
            problems.add(Sentence.of("A quotation mark has no second one."));
        }
        flush(word, words);
        return words;
    }

    private static void flush(StringBuilder word, List<String> words) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    private void term(String word, List<Term> terms) {
        Matcher parts = WORD.matcher(word);
        if (!parts.matches()) {
            String value = plain(word);
            if (value.isEmpty()) {
                problems.add(Sentence.of("Two quotation marks have nothing between them."));
                return;
            }
            terms.add(isUuid(value) ? new Term.AnyId(UUID.fromString(value)) : new Term.Key(value));
            return;
        }
        String name = parts.group("name");
        String value = plain(parts.group("value"));
        String op = parts.group("op");
        if (value.isEmpty()) {
            problems.add(Sentence.of("%s%s has no value.", name, op));
        } else if (name.equals("created") != !op.equals(":")) {
            problems.add(
                    name.equals("created")
                            ? Sentence.of("Write created>2026-01-31 or created<2026-01-31T12:00:00Z.")
                            : Sentence.of("Write %s:%s; only created takes < and >.", name, value));
        } else if (name.startsWith("attr.")) {
            terms.add(new Term.Attribute(name.substring("attr.".length()), value));
        } else {
            named(name, op, value, terms);
        }
    }

    private void named(String name, String op, String value, List<Term> terms) {
        switch (name) {
            case "key" -> terms.add(new Term.Key(value));
            case "saga" -> terms.add(new Term.Name(value));
            case "at" -> terms.add(new Term.At(value));
            case "participant" -> terms.add(new Term.Asked(value));
            case "node" -> terms.add(new Term.Node(value));
            case "tenant" -> tenant(value, terms);
            case "error" -> terms.add(new Term.ErrorText(value));
            case "version" -> version(value, terms);
            case "phase" -> constant(SagaPhase.class, name, value).forEach(phase -> terms.add(new Term.Phase(phase)));
            case "reason" ->
                constant(StuckReason.class, name, value).forEach(reason -> terms.add(new Term.Reason(reason)));
            case "stuck" -> stuck(value, terms);
            case "id" -> uuid(name, value).forEach(id -> terms.add(new Term.Id(id)));
            case "message" -> uuid(name, value).forEach(id -> terms.add(new Term.Message(id)));
            case "group" -> group(value, terms);
            case "older" -> older(value, terms);
            case "created" -> created(op, value, terms);
            default ->
                problems.add(Sentence.of(
                        "There is no condition '%s'. There are: %s. A business key with a colon is written key:\"%s:...\".",
                        name, NAMES, name));
        }
    }

    private void tenant(String value, List<Term> terms) {
        if (tenantAttribute == null) {
            problems.add(Sentence.of(
                    "tenant:%s can't be asked here. A search of the console can, where saga.console.tenant.attribute says which search attribute holds it.",
                    value));
        } else {
            terms.add(new Term.Attribute(tenantAttribute, value));
        }
    }

    private void version(String value, List<Term> terms) {
        if (value.matches("[0-9]{1,9}")) {
            terms.add(new Term.Version(Integer.parseInt(value)));
        } else {
            problems.add(Sentence.of("version:%s is not a number.", value));
        }
    }

    private void group(String value, List<Term> terms) {
        if (GROUP_ID.matcher(value).matches()) {
            terms.add(new Term.Group(value));
        } else {
            problems.add(Sentence.of("group:%s is not a group's id; those have 16 characters, 0-9 and a-f.", value));
        }
    }

    private void stuck(String value, List<Term> terms) {
        if (value.equalsIgnoreCase(Term.Stuck.ANY)) {
            terms.add(new Term.Stuck(null));
            return;
        }
        List<AgeBucket> ages = Stream.of(AgeBucket.values())
                .filter(age -> age.name().equalsIgnoreCase(value))
                .toList();
        if (ages.isEmpty()) {
            problems.add(Sentence.of(
                    "stuck:%s is not for how long, roughly: write stuck:%s, or one of %s. To say why, write reason:...; of those that don't go on by themselves, phase:STUCK.",
                    value, Term.Stuck.ANY, List.of(AgeBucket.values())));
        }
        ages.forEach(age -> terms.add(new Term.Stuck(age)));
    }

    private void older(String value, List<Term> terms) {
        Matcher parts = DURATION.matcher(value);
        if (parts.matches()) {
            long number = Long.parseLong(parts.group(1));
            terms.add(new Term.Older(
                    switch (parts.group(2)) {
                        case "s" -> Duration.ofSeconds(number);
                        case "m" -> Duration.ofMinutes(number);
                        case "h" -> Duration.ofHours(number);
                        default -> Duration.ofDays(Math.min(number, 36_500));
                    }));
        } else {
            problems.add(Sentence.of("older:%s is not a time such as 30s, 5m, 2h or 7d.", value));
        }
    }

    private void created(String op, String value, List<Term> terms) {
        try {
            Instant time = value.length() == "2026-01-31".length()
                    ? LocalDate.parse(value).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(value);
            if (time.isBefore(EARLIEST) || !time.isBefore(LATEST)) {
                throw new DateTimeParseException("Too far away", value, 0);
            }
            terms.add(op.equals(">") ? new Term.StartedFrom(time) : new Term.StartedBefore(time));
        } catch (DateTimeParseException thrown) {
            problems.add(Sentence.of(
                    "created%s%s is not a time in UTC such as 2026-01-31 or 2026-01-31T12:00:00Z.", op, value));
        }
    }

    private Stream<UUID> uuid(String name, String value) {
        if (isUuid(value)) {
            return Stream.of(UUID.fromString(value));
        }
        problems.add(Sentence.of("%s:%s is not an id such as 0198c5a0-1111-7000-8000-0123456789ab.", name, value));
        return Stream.empty();
    }

    private <E extends Enum<E>> Stream<E> constant(Class<E> type, String name, String value) {
        List<E> all = List.of(type.getEnumConstants());
        List<E> found = all.stream()
                .filter(one -> one.name().equals(value.toUpperCase(Locale.ROOT).replace('-', '_')))
                .toList();
        if (found.isEmpty()) {
            problems.add(Sentence.of(
                    "There is no %s '%s'. There are: %s.",
                    name, value, all.stream().map(Enum::name).collect(Collectors.joining(", "))));
        }
        return found.stream();
    }

    private static boolean isUuid(String value) {
        return value.matches("[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}");
    }

    /** Without its quotes. */
    private static String plain(String value) {
        StringBuilder plain = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && quoted && i + 1 < value.length()) {
                plain.append(value.charAt(++i));
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }

    /** A value as a filter has it. What parts words here does so there: otherwise it would be read as another value. */
    static String quoted(String value) {
        return value.isEmpty() || value.chars().anyMatch(c -> c == '"' || c == '\\' || Character.isWhitespace(c))
                ? '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"'
                : value;
    }

    static String written(Duration age) {
        if (age.toSeconds() % 86_400 == 0) {
            return age.toDays() + "d";
        }
        if (age.toSeconds() % 3_600 == 0) {
            return age.toHours() + "h";
        }
        return age.toSeconds() % 60 == 0 ? age.toMinutes() + "m" : age.toSeconds() + "s";
    }
}
