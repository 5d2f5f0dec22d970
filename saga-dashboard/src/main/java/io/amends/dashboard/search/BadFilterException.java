package io.amends.dashboard.search;

import java.util.List;

/** A filter's text that can't be understood, with everything that is wrong with it. */
public final class BadFilterException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    BadFilterException(List<String> problems) {
        super(String.join(" ", problems));
        this.problems = List.copyOf(problems);
    }

    /** What is wrong, a sentence or two each. */
    public List<String> problems() {
        return problems;
    }
}
