package io.amends.outbox.operations;

import org.jspecify.annotations.Nullable;

/**
 * Which refused records are meant; null means all.
 *
 * @param topic of that topic
 * @param key of that key
 * @param reasonCode refused for that reason, such as {@code RECORD_TOO_LARGE}
 */
public record ParkedFilter(
        @Nullable String topic,
        @Nullable String key,
        @Nullable String reasonCode) {

    /** All of them. */
    public static final ParkedFilter ALL = new ParkedFilter(null, null, null);

    /** Those of a topic. */
    public static ParkedFilter ofTopic(String topic) {
        return new ParkedFilter(topic, null, null);
    }

    /** Those refused for that reason. */
    public static ParkedFilter ofReason(String reasonCode) {
        return new ParkedFilter(null, null, reasonCode);
    }

    Object[] parameters() {
        return new Object[] {topic, topic, key, key, reasonCode, reasonCode};
    }

    static final String SQL =
            "(?::text is null or p.aggregatetype = ?) and (?::text is null or p.aggregateid = ?) and (?::text is null or p.reason_code = ?)";
}
