package io.amends.spring.boot.autoconfigure.inbox;

import io.amends.spring.boot.autoconfigure.kafka.TopicRetention;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;

/**
 * Compares how long topics keep records with how long the inbox remembers ids. It warns and does not refuse: somebody else
 * may change a topic at any time, and a service that then no longer starts is worse than a repeat, which the offsets in the
 * database keep out anyway unless its sender has sent it again.
 */
final class RetentionCheck {

    private final Admin admin;
    private final Duration retention;
    private final Duration limit;

    RetentionCheck(Admin admin, Duration retention, Duration limit) {
        this.admin = admin;
        this.retention = retention;
        this.limit = limit;
    }

    /** What is to be warned of, a text for each topic. */
    List<String> warnings(Collection<String> topics) {
        List<String> warnings = new ArrayList<>();
        TopicRetention.ask(admin, topics, limit, "saga.inbox.retention")
                .forEach((topic, kept) -> check(topic, kept, warnings));
        return warnings;
    }

    private void check(String topic, Duration kept, List<String> warnings) {
        if (kept.equals(TopicRetention.FOR_EVER)) {
            warnings.add(
                    "Topic %s keeps records for ever, but the inbox remembers ids for %s (saga.inbox.retention). A record that its sender sends again later than that is handled again; reading the topic from its beginning is not."
                            .formatted(topic, text(retention)));
        } else if (kept.compareTo(retention) > 0) {
            warnings.add(
                    "Topic %s keeps records for %s, but the inbox remembers ids for %s only. Set saga.inbox.retention to at least %s, or lower the topic's retention.ms."
                            .formatted(topic, text(kept), text(retention), text(kept)));
        }
    }

    private static String text(Duration duration) {
        return duration.toDaysPart() > 0 && duration.equals(Duration.ofDays(duration.toDays()))
                ? duration.toDays() + "d"
                : duration.toSeconds() + "s";
    }
}
