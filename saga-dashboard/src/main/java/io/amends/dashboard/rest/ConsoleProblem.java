package io.amends.dashboard.rest;

import io.amends.dashboard.gate.Problem;
import io.amends.dashboard.language.Sentence;
import java.util.Map;

/** A request can't be answered as it was asked. */
public final class ConsoleProblem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    /** For that. */
    public ConsoleProblem(Problem problem) {
        super(problem.detail().english());
        this.problem = problem;
    }

    /** The same from its parts. */
    public ConsoleProblem(int status, String code, Sentence detail) {
        this(new Problem(status, code, detail));
    }

    /** The request is wrong, so that repeating it does not help. */
    public static ConsoleProblem badRequest(Sentence detail) {
        return new ConsoleProblem(400, "BAD_REQUEST", detail);
    }

    /** There is no such thing. */
    public static ConsoleProblem notFound(Sentence detail) {
        return new ConsoleProblem(404, "NOT_FOUND", detail);
    }

    /** It can't be done as things stand. */
    static ConsoleProblem conflict(String code, Sentence detail, Map<String, Object> more) {
        return new ConsoleProblem(new Problem(409, code, detail, more));
    }

    /** What is answered. */
    public Problem problem() {
        return problem;
    }
}
