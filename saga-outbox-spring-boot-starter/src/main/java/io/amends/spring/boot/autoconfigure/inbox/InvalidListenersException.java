package io.amends.spring.boot.autoconfigure.inbox;

import java.util.List;

/** Idempotent listeners of the application that can't work, all of them. The application does not start. */
public final class InvalidListenersException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    InvalidListenersException(List<String> problems) {
        super("%d @IdempotentListener %s can't be used:%n- %s"
                .formatted(
                        problems.size(),
                        problems.size() == 1 ? "method" : "methods",
                        String.join("%n- ".formatted(), problems)));
        this.problems = List.copyOf(problems);
    }

    /** What is wrong, each with the method and what would do. */
    public List<String> problems() {
        return problems;
    }
}
