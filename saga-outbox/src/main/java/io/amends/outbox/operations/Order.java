package io.amends.outbox.operations;

/**
 * Who asks for something, and why; both are recorded.
 *
 * @param operator who
 * @param why for those who come later
 */
public record Order(String operator, String why) {

    /** @throws IllegalArgumentException if either is blank */
    public Order {
        if (operator.isBlank() || why.isBlank()) {
            throw new IllegalArgumentException("An order names its operator and says why: both are recorded.");
        }
    }
}
