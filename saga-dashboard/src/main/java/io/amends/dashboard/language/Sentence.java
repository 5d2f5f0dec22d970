package io.amends.dashboard.language;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What people are told: words, which each {@link Language} has its own of, and what is inserted into them, which is the same in
 * all of them. Programs, logs and tables take the {@link #english}. Immutable.
 */
public final class Sentence {

    /** Nothing is said. */
    public static final Sentence NONE = verbatim("");

    private static final int LONGEST_RECALLED = 4_000;
    private static final int MOST_PIECES = 10;
    private static final Pattern ENDED = Pattern.compile("(?<=[.:;]) ");

    private final String words;
    private final List<@Nullable Object> inserted;
    private final String english;

    private Sentence(String words, List<@Nullable Object> inserted) {
        this.words = words;
        this.inserted = inserted;
        this.english = told(Language.ENGLISH);
    }

    /**
     * A sentence, or a piece of one.
     *
     * @param words the English words, with places as {@link java.util.Formatter} has them; a literal, so that a test finds it and
     *     asks for its words in other languages
     * @param inserted what stands in these places, sentences among them
     */
    public static Sentence of(String words, @Nullable Object... inserted) {
        return new Sentence(words, Collections.unmodifiableList(new ArrayList<>(Arrays.asList(inserted))));
    }

    /** What somebody or something else said, such as an exception: it is told as it was said. */
    public static Sentence verbatim(@Nullable String text) {
        return of("%s", text == null ? "" : text);
    }

    /**
     * What was told as a sentence before and stored in {@link #english}, such as what the audit says of an order; what does not look
     * like one is told as it is. Sentences that stood behind each other may have been some of each.
     */
    public static Sentence recalled(@Nullable String text) {
        if (text == null || text.length() > LONGEST_RECALLED) {
            return verbatim(text);
        }
        Sentence whole = remembered(text);
        if (whole != null) {
            return whole;
        }
        List<String> pieces = List.of(ENDED.split(text, MOST_PIECES));
        List<Sentence> told = new ArrayList<>();
        int from = 0;
        while (from < pieces.size()) {
            int to = pieces.size();
            Sentence longest = remembered(String.join(" ", pieces.subList(from, to)));
            while (longest == null && to > from + 1) {
                to--;
                longest = remembered(String.join(" ", pieces.subList(from, to)));
            }
            told.add(longest == null ? verbatim(pieces.get(from)) : longest);
            from = to;
        }
        return join(" ", told);
    }

    private static @Nullable Sentence remembered(String text) {
        return Language.recollection()
                .find(text)
                .map(found -> new Sentence(
                        found.words(),
                        found.inserted().stream()
                                .map(each -> each instanceof String piece ? piece(piece) : each)
                                .toList()))
                .orElse(null);
    }

    private static Object piece(String text) {
        Sentence known = remembered(text);
        return known == null ? text : known;
    }

    /** Those, with that between them. */
    public static Sentence join(String between, Collection<Sentence> sentences) {
        return new Sentence(
                String.join(between, Collections.nCopies(sentences.size(), "%s")),
                Collections.unmodifiableList(new ArrayList<>(sentences)));
    }

    /** This one, and that one behind it. */
    public Sentence then(Sentence next) {
        return join(" ", List.of(this, next));
    }

    /** In English, which programs may rely on as little as people do on its being short. */
    public String english() {
        return english;
    }

    /** In that language; in English what it has no words for. */
    public String in(Language language) {
        return language == Language.ENGLISH ? english : told(language);
    }

    private String told(Language language) {
        @Nullable Object[] places = new @Nullable Object[inserted.size()];
        for (int i = 0; i < places.length; i++) {
            places[i] = inserted.get(i) instanceof Sentence piece ? piece.in(language) : inserted.get(i);
        }
        return String.format(Locale.ROOT, language.words(words), places);
    }

    /** In English. */
    @Override
    public String toString() {
        return english;
    }
}
