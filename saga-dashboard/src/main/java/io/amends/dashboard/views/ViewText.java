package io.amends.dashboard.views;

import io.amends.dashboard.language.NotTakenException;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.search.SagaFilter;

/**
 * What a view is to be called, and to search for. Immutable.
 *
 * @param name its name, 1 to 80 characters once blanks around it are taken away
 * @param filter the search, which asks for something
 */
public record ViewText(String name, SagaFilter filter) {

    private static final int LONGEST_NAME = 80;
    private static final int LONGEST_FILTER = 2_000;

    /** @throws IllegalArgumentException if a text is missing or too long */
    public ViewText {
        name = name.strip();
        int length = name.codePointCount(0, name.length());
        if (length == 0 || length > LONGEST_NAME) {
            throw new NotTakenException(
                    Sentence.of("A view's name has 1 to %d characters; this one has %d.", LONGEST_NAME, length));
        }
        if (name.codePoints().anyMatch(Character::isISOControl)) {
            throw new NotTakenException(Sentence.of("A view's name has no control characters."));
        }
        if (filter.terms().isEmpty()) {
            throw new NotTakenException(Sentence.of("A view searches for something, such as phase:STUCK."));
        }
        int written = filter.text().length();
        if (written > LONGEST_FILTER) {
            throw new NotTakenException(Sentence.of(
                    "The filter is written with %d characters, and a view keeps %d at most. Leave some conditions out.",
                    written, LONGEST_FILTER));
        }
        if (filter.text().indexOf('\0') >= 0) {
            throw new NotTakenException(Sentence.of("The filter has a character that the database can't keep."));
        }
    }
}
