package io.amends.spring.boot.autoconfigure.kafka;

import java.util.Set;

/**
 * Topics that a part of this service reads or writes. Every bean of this type adds to what is checked at the start.
 *
 * @param names the topics' names
 */
public record NeededTopics(Set<String> names) {

    public NeededTopics {
        names = Set.copyOf(names);
    }
}
