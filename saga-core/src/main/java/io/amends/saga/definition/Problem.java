package io.amends.saga.definition;

/**
 * One thing that is wrong with a definition.
 *
 * @param code which rule it breaks
 * @param where the class and method, or the builder's step
 * @param message what is wrong
 * @param hint what to do
 */
public record Problem(ProblemCode code, String where, String message, String hint) {

    @Override
    public String toString() {
        return "%s %s: %s%n    %s".formatted(code.code(), where, message, hint);
    }
}
