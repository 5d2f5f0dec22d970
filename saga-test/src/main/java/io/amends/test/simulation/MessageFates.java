package io.amends.test.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a test has said that becomes of messages; the first rule for a type counts. Used by one thread. */
final class MessageFates {

    private final List<Rule> rules = new ArrayList<>();

    /**
     * A rule.
     *
     * @param type the logical type of its messages
     * @param once whether it is for the next message only
     * @param copies how many arrive
     * @param late how much later they do
     */
    record Rule(String type, boolean once, int copies, Duration late) {}

    void add(Rule rule) {
        rules.add(rule);
    }

    /** What becomes of a message of that type, which is sent now. */
    Rule of(String type) {
        Rule first = rules.stream()
                .filter(rule -> rule.type().equals(type))
                .findFirst()
                .orElseGet(() -> new Rule(type, true, 1, Duration.ZERO));
        if (first.once()) {
            rules.remove(first);
        }
        return first;
    }

    void clear() {
        rules.clear();
    }
}
