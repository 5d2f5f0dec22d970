package io.amends.spring.boot.autoconfigure.runtime;

import io.amends.runtime.kafka.KafkaInbound;
import io.amends.runtime.orchestrator.SagaTimers;
import io.amends.runtime.participant.Participant;
import io.amends.spring.boot.autoconfigure.StartupPhases;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/** Starts reading once everything else runs, and stops first, each listener after the poll that is under way. */
final class InboundLifecycle implements SmartLifecycle, DisposableBean {

    private final List<KafkaInbound> inbounds;
    private final List<Participant> participants;
    private final @Nullable SagaTimers timers;
    private final Duration timerInterval;
    private final Duration shutdownTimeout;
    private volatile boolean running;

    InboundLifecycle(
            List<KafkaInbound> inbounds,
            List<Participant> participants,
            @Nullable SagaTimers timers,
            Duration timerInterval,
            Duration shutdownTimeout) {
        this.inbounds = List.copyOf(inbounds);
        this.participants = List.copyOf(participants);
        this.timers = timers;
        this.timerInterval = timerInterval;
        this.shutdownTimeout = shutdownTimeout;
    }

    @Override
    public void start() {
        running = true;
        participants.forEach(participant -> participant.redelivery().start());
        inbounds.forEach(KafkaInbound::start);
        if (timers != null) {
            timers.start(timerInterval);
        }
    }

    @Override
    public void stop() {
        stop(shutdownTimeout);
    }

    private void stop(Duration limit) {
        if (!running) {
            return;
        }
        long deadline = System.nanoTime() + limit.toNanos();
        inbounds.forEach(inbound -> inbound.stop(left(deadline)));
        participants.forEach(participant -> participant.redelivery().stop(left(deadline)));
        if (timers != null) {
            timers.stop(left(deadline));
        }
        running = false;
    }

    /** One limit for all of them together. */
    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return StartupPhases.LISTENERS;
    }

    /** For a start that was given up half-way: no thread stays behind. */
    @Override
    public void destroy() {
        stop(Duration.ZERO);
    }
}
