package io.amends.spring.boot.autoconfigure.twopc;

import io.amends.spring.boot.autoconfigure.StartupPhases;
import io.amends.twopc.CoordinatorName;
import io.amends.twopc.Participant;
import io.amends.twopc.TwoPhaseTransactions;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/** Checks and recovers at the start, and ends recovery once the last request is answered. */
final class TwoPhaseLifecycle implements SmartLifecycle, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger("io.amends");

    private final TwoPhaseTransactions transactions;
    private final CoordinatorName name;
    private final List<Participant> participants;
    private volatile boolean running;

    TwoPhaseLifecycle(TwoPhaseTransactions transactions, CoordinatorName name, List<Participant> participants) {
        this.transactions = transactions;
        this.name = name;
        this.participants = participants;
    }

    @Override
    public void start() {
        transactions.start();
        running = true;
        log.info(
                "Two-phase commit of installation {} as coordinator {}, with {}",
                name.installation(),
                name.coordinator(),
                participants.stream()
                        .map(participant -> "%s (%s)".formatted(participant.name(), participant.place()))
                        .collect(Collectors.joining(", ")));
    }

    @Override
    public void stop() {
        transactions.close();
        running = false;
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
        stop();
    }
}
