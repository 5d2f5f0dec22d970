package io.amends.dashboard.language;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What people are told: words, which each {@link Language} has its own of, and what is inserted into them, which is the same in
 * all of them. Programs, logs and tables take the {@link #english}. Immutable.
 */
public final class Sentence {

    /** Nothing is said. */
    public static final Sentence NONE = verbatim("");

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
