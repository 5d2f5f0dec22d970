package io.amends.dashboard.search;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which sagas are meant. Conditions of different kinds must all hold; of several of one kind, one must. So does each
 * attribute's name count as a kind. Immutable; its text says all of it, and is read back as the same filter.
 *
 * @param terms the conditions; none means all sagas
 */
public record SagaFilter(List<Term> terms) {

    /** All sagas. */
    public static final SagaFilter ALL = new SagaFilter(List.of());

    public SagaFilter {
        terms = List.copyOf(new LinkedHashSet<>(terms));
    }

    /**
     * Reads a filter, such as {@code saga:money-transfer phase:STUCK error:"timed out" older:5m}. A bare id is that of a
     * saga or of a message, another bare word a business key.
     *
     * @throws BadFilterException if it can't be understood; it names every problem
     */
    public static SagaFilter parse(String text) {
        return new SagaFilter(FilterText.read(text));
    }

    /** The filter as text. */
    public String text() {
        return terms.stream().map(Term::text).collect(Collectors.joining(" "));
    }

    @Override
    public String toString() {
        return text();
    }
}
