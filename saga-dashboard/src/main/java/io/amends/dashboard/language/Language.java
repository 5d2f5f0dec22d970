package io.amends.dashboard.language;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the console tells people in. English stands in the code; another language has a catalogue beside this class, named by its
 * tag, with the English before the colon. Immutable.
 */
public enum Language {
    /** What whoever asks for nothing is told in: programs, terminals, logs. */
    ENGLISH("en"),
    /** German. */
    GERMAN("de");

    /** What anybody's browser sends is shorter; the library needs time with the square of it. */
    private static final int LONGEST = 200;

    private static final List<String> TAGS =
            Stream.of(values()).map(Language::tag).toList();
    private static final Map<Language, Map<String, String>> CATALOGUES = Map.of(GERMAN, read("de.json"));

    private static final Recollection RECOLLECTION = new Recollection(CATALOGUES.values().stream()
            .flatMap(words -> words.keySet().stream())
            .collect(Collectors.toSet()));

    private final String tag;

    Language(String tag) {
        this.tag = tag;
    }

    private static Map<String, String> read(String name) {
        try (InputStream in = Objects.requireNonNull(
                Language.class.getResourceAsStream("/io/amends/dashboard/language/" + name), name)) {
            return Map.copyOf(JsonMapper.builder().build().readValue(in, new TypeReference<Map<String, String>>() {}));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("The console can't read its words (%s)".formatted(name), unreadable);
        }
    }

    /**
     * What somebody prefers of these; English where that is unknown.
     *
     * @param acceptLanguage the header {@code Accept-Language} of their request, null if it has none
     */
    public static Language of(@Nullable String acceptLanguage) {
        if (acceptLanguage == null || acceptLanguage.length() > LONGEST) {
            return ENGLISH;
        }
        try {
            String best = Locale.lookupTag(Locale.LanguageRange.parse(acceptLanguage), TAGS);
            return best == null ? ENGLISH : values()[TAGS.indexOf(best)];
        } catch (IllegalArgumentException | IndexOutOfBoundsException noSuchHeader) {
            // What nobody can read is no reason to tell nothing. Java 17 has the latter for a hyphen alone.
            return ENGLISH;
        }
    }

    /** How RFC 5646 calls it. */
    public String tag() {
        return tag;
    }

    /** That sentence, which has no places, in this language. */
    public String say(String english) {
        return Sentence.of(english).in(this);
    }

    /** That English in this language, with the same places; as it is where nobody wrote down what that would be. */
    String words(String english) {
        return catalogue().getOrDefault(english, english);
    }

    /** Of the English that any language has words for. */
    static Recollection recollection() {
        return RECOLLECTION;
    }

    /** All that it has words for. */
    Map<String, String> catalogue() {
        return CATALOGUES.getOrDefault(this, Map.of());
    }
}
