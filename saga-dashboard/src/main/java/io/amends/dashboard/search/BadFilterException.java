package io.amends.dashboard.search;

import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.language.Told;
import java.util.List;

/** A filter's text that can't be understood, with everything that is wrong with it. */
public final class BadFilterException extends IllegalArgumentException implements Told {

    private static final long serialVersionUID = 1L;

    private final transient List<Sentence> problems;
    private final transient Sentence told;

    BadFilterException(List<Sentence> problems) {
        super(Sentence.join(" ", problems).english());
        this.problems = List.copyOf(problems);
        this.told = Sentence.join(" ", problems);
    }

    /** What is wrong, a sentence or two each. */
    public List<Sentence> problems() {
        return problems;
    }

    @Override
    public Sentence told() {
        return told;
    }
}
