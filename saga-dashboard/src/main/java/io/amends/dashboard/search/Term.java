package io.amends.dashboard.search;

import io.amends.dashboard.stuck.AgeBucket;
import io.amends.dashboard.stuck.StuckReason;
import io.amends.saga.engine.SagaPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One condition of a filter. */
public sealed interface Term {

    /** How a filter writes it. */
    String text();

    /** A saga's or a message's id. */
    record AnyId(UUID id) implements Term {
        @Override
        public String text() {
            return id.toString();
        }
    }

    /** A saga's id. */
    record Id(UUID id) implements Term {
        @Override
        public String text() {
            return "id:" + id;
        }
    }

    /** The id of a reply that its history names, or of a message of it that Kafka refuses. */
    record Message(UUID id) implements Term {
        @Override
        public String text() {
            return "message:" + id;
        }
    }

    /** A business key. */
    record Key(String key) implements Term {
        @Override
        public String text() {
            return "key:" + FilterText.quoted(key);
        }
    }

    /** A definition's name. */
    record Name(String name) implements Term {
        @Override
        public String text() {
            return "saga:" + FilterText.quoted(name);
        }
    }

    /** A definition's version. */
    record Version(int number) implements Term {
        @Override
        public String text() {
            return "version:" + number;
        }
    }

    /** Where it stands. */
    record Phase(SagaPhase phase) implements Term {
        @Override
        public String text() {
            return "phase:" + phase;
        }
    }

    /** Why it is stuck. */
    record Reason(StuckReason reason) implements Term {
        @Override
        public String text() {
            return "reason:" + reason;
        }
    }

    /**
     * Stuck, for whatever reason: what the list of stuck sagas has, also what runs and does not go on.
     *
     * @param age for how long, null for any time
     */
    record Stuck(@Nullable AgeBucket age) implements Term {

        /** How a filter writes that the time does not matter. */
        static final String ANY = "any";

        @Override
        public String text() {
            return "stuck:" + (age == null ? ANY : age.name());
        }
    }

    /** A step that it waits at. */
    record At(String step) implements Term {
        @Override
        public String text() {
            return "at:" + FilterText.quoted(step);
        }
    }

    /** Who a step that it waits at was sent to, or waits for. */
    record Asked(String participant) implements Term {
        @Override
        public String text() {
            return "participant:" + FilterText.quoted(participant);
        }
    }

    /** A process that has its definition's version, by the process's name. */
    record Node(String name) implements Term {
        @Override
        public String text() {
            return "node:" + FilterText.quoted(name);
        }
    }

    /** A search attribute. */
    record Attribute(String name, String value) implements Term {
        @Override
        public String text() {
            return "attr." + name + ":" + FilterText.quoted(value);
        }
    }

    /** Words of what is the matter with it, whatever their case; of sagas that have not ended. */
    record ErrorText(String words) implements Term {
        @Override
        public String text() {
            return "error:" + FilterText.quoted(words);
        }
    }

    /** A group of failures. */
    record Group(String id) implements Term {
        @Override
        public String text() {
            return "group:" + id;
        }
    }

    /** Started then or later. */
    record StartedFrom(Instant time) implements Term {
        @Override
        public String text() {
            return "created>" + time;
        }
    }

    /** Started before that. */
    record StartedBefore(Instant time) implements Term {
        @Override
        public String text() {
            return "created<" + time;
        }
    }

    /** Started that long ago or longer. */
    record Older(Duration age) implements Term {
        @Override
        public String text() {
            return "older:" + FilterText.written(age);
        }
    }
}
