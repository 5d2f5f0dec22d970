package io.amends.saga.definition;

import java.util.List;
import java.util.stream.Collectors;

/** Definitions are wrong; the exception carries every problem that was found, not just the first. */
public final class InvalidSagaException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /** With at least one problem. */
    public InvalidSagaException(List<Problem> problems) {
        super(problems.stream()
                .map(problem -> "%n- %s".formatted(problem))
                .collect(Collectors.joining("", "%d problem(s) in saga definitions:".formatted(problems.size()), "")));
        this.problems = List.copyOf(problems);
    }

    /** Every problem. */
    public List<Problem> problems() {
        return problems;
    }
}
