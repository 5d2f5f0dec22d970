package io.amends.dashboard.kafka;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a record is in Kafka.
 *
 * @param topic its topic
 * @param partition its partition; what came straight from the outbox has one of its own that Kafka never has
 * @param offset its offset
 */
record RecordPlace(String topic, int partition, long offset) {

    /** No longer than the numbers that Java and Kafka have; a topic as Kafka lets it be named, and as short as that can be read. */
    private static final Pattern WRITTEN =
            Pattern.compile("(?<topic>[A-Za-z0-9._-]{1,249}?)-(?<partition>-?\\d{1,9})@(?<offset>\\d{1,18})");

    /** From {@code topic-3@42}, as the history and the replies of participants have it; empty for what is no place. */
    static Optional<RecordPlace> of(@Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        Matcher written = WRITTEN.matcher(text);
        return written.matches()
                ? Optional.of(new RecordPlace(
                        written.group("topic"),
                        Integer.parseInt(written.group("partition")),
                        Long.parseLong(written.group("offset"))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return "%s-%d@%d".formatted(topic, partition, offset);
    }
}
