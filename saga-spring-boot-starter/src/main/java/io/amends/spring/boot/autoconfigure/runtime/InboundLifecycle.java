package io.amends.spring.boot.autoconfigure.runtime;

import io.amends.runtime.orchestrator.SagaTimers;
import io.amends.runtime.participant.Participant;
import io.amends.runtime.wire.Inbound;
import io.amends.spring.boot.autoconfigure.ListenersLifecycle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Starts reading once everything else runs, and stops first, each listener after the poll that is under way. */
final class InboundLifecycle extends ListenersLifecycle implements LiveParts {

    private static final String TIMERS = "timers";

    private final List<Inbound> inbounds;
    private final List<Participant> participants;
    private final @Nullable SagaTimers timers;
    private final Duration timerInterval;

    InboundLifecycle(
            List<Inbound> inbounds,
            List<Participant> participants,
            @Nullable SagaTimers timers,
            Duration timerInterval,
            Duration shutdownTimeout) {
        super(shutdownTimeout);
        this.inbounds = List.copyOf(inbounds);
        this.participants = List.copyOf(participants);
        this.timers = timers;
        this.timerInterval = timerInterval;
    }

    @Override
    protected void begin() {
        participants.forEach(participant -> participant.redelivery().start());
        inbounds.forEach(Inbound::start);
        if (timers != null) {
            timers.start(timerInterval);
        }
    }

    @Override
    public List<String> all() {
        List<String> names =
                new ArrayList<>(inbounds.stream().map(Inbound::topic).toList());
        if (timers != null) {
            names.add(TIMERS);
        }
        return names;
    }

    @Override
    public List<String> dead() {
        List<String> names = new ArrayList<>(inbounds.stream()
                .filter(inbound -> !inbound.isWell())
                .map(Inbound::topic)
                .toList());
        if (timers != null && !timers.isWell()) {
            names.add(TIMERS);
        }
        return names;
    }

    @Override
    protected void end(Supplier<Duration> left) {
        inbounds.forEach(inbound -> inbound.stop(left.get()));
        participants.forEach(participant -> participant.redelivery().stop(left.get()));
        if (timers != null) {
            timers.stop(left.get());
        }
    }
}
