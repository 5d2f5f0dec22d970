package io.amends.dashboard.instance;

import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.stuck.StuckInbox.Verdict;
import io.amends.saga.engine.SagaPhase;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One saga, as it stood when it was read; without its data, which may be personal.
 *
 * @param sagaId its id
 * @param name the definition's name
 * @param version the definition's version
 * @param key the business key
 * @param phase where it stands
 * @param reasonCode why it is stuck or turned back, null for neither
 * @param reason the same in words, null for neither
 * @param cause why it turned back, null while it goes forward
 * @param deadlineAt when its deadline policy applies, null for never
 * @param overdue whether its deadline has passed and was acted on
 * @param pause an operator's hold, null if there is none
 * @param attributes its search attributes as a JSON object, null if it has none
 * @param traceId the trace that the call belonged to which started it, null if that is not known
 * @param revision what an order names that acts on what was seen
 * @param createdAt when it was started
 * @param updatedAt when it last changed
 * @param readAt when it was read, by the database's clock
 * @param verdict that it is stuck and why, null if it is not
 * @param steps its steps in order, those not yet begun included where a process noted the definition
 * @param timeline its history, oldest first, at most a thousand lines
 * @param messages what lies around of it
 * @param parent the id of the saga whose step started it, null for none
 * @param children the ids of sagas that its steps started
 * @param reasonFrames where in the code the exception came from that the reason tells, the innermost first; empty if that is not known
 */
public record SagaView(
        UUID sagaId,
        String name,
        int version,
        String key,
        SagaPhase phase,
        @Nullable String reasonCode,
        @Nullable String reason,
        @Nullable String cause,
        @Nullable Instant deadlineAt,
        boolean overdue,
        @Nullable Hold pause,
        @Nullable String attributes,
        @Nullable String traceId,
        long revision,
        Instant createdAt,
        Instant updatedAt,
        Instant readAt,
        @Nullable Verdict verdict,
        List<StepLine> steps,
        List<TimelineEntry> timeline,
        List<WaitingMessage> messages,
        @Nullable UUID parent,
        List<UUID> children,
        List<String> reasonFrames) {

    /**
     * An operator's hold.
     *
     * @param reason who holds it and why
     * @param until when it ends by itself, null for never
     */
    public record Hold(String reason, @Nullable Instant until) {}

    public SagaView {
        steps = List.copyOf(steps);
        timeline = List.copyOf(timeline);
        messages = List.copyOf(messages);
        children = List.copyOf(children);
        reasonFrames = List.copyOf(reasonFrames);
    }

    /** The step that it stands at; empty between two steps. */
    public Optional<StepLine> at() {
        return Explanation.at(this);
    }

    /**
     * Where in the code the exception came from that {@link #explanation} tells, the innermost frame first; empty if it tells none, or
     * nobody said.
     */
    public List<String> frames() {
        return phase == SagaPhase.STUCK && reason != null
                ? reasonFrames
                : at().map(StepLine::errorFrames).orElse(List.of());
    }

    /** In one sentence or two, why it stands where it stands and what follows by itself. */
    public Sentence why() {
        return Explanation.of(this);
    }

    /** The same in English. */
    public String explanation() {
        return why().english();
    }
}
