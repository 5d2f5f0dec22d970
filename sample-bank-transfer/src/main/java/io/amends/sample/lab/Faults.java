package io.amends.sample.lab;

import io.amends.sample.lab.switches.DeathSwitch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Breaks things and mends them again, one after the other in a thread of its own. Safe for use by many threads. */
final class Faults implements AutoCloseable {

    /** Each transaction of a slow bank B takes this much longer. */
    static final int SLOW_MILLIS = 1_000;

    private static final Logger log = LoggerFactory.getLogger(Faults.class);

    /** How a fault stands. */
    enum State {
        OFF,
        WORKING,
        ARMED,
        ON
    }

    /**
     * How to make a fault; the coordinator's death uses it.
     *
     * @param afterDecision the coordinator dies after its decision is durable, else before
     * @param backAfter when it is undone by itself, counted from when it struck; null: on demand only
     */
    record Terms(boolean afterDecision, @Nullable Duration backAfter) {

        static final Terms USUAL = new Terms(false, null);
    }

    private record Standing(State state, long since, Terms terms) {}

    private final Stage stage;
    private final Timeline timeline;
    private final LongSupplier clock;
    private final Map<Fault, Standing> standings = new EnumMap<>(Fault.class);
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1, 1, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(32), task -> new Thread(task, "lab-faults"));
    private @Nullable Duplicator duplicator;
    private volatile long copies;

    /**
     * @param clock milliseconds since the lab began
     */
    Faults(Stage stage, Timeline timeline, LongSupplier clock) {
        this.stage = stage;
        this.timeline = timeline;
        this.clock = clock;
        for (Fault fault : Fault.values()) {
            standings.put(fault, new Standing(State.OFF, 0, Terms.USUAL));
        }
    }

    /** Makes it; the result tells when that is done, or what went wrong. */
    Future<?> on(Fault fault, Terms terms) {
        return thread.submit(() -> change(fault, true, terms));
    }

    /** Undoes it. */
    Future<?> off(Fault fault) {
        return thread.submit(() -> change(fault, false, Terms.USUAL));
    }

    private void change(Fault fault, boolean on, Terms terms) {
        if ((state(fault) != State.OFF) == on) {
            return;
        }
        stands(fault, State.WORKING, terms);
        try {
            if (on) {
                make(fault, terms);
                timeline.add(Timeline.Kind.FAULT, fault.title() + ": " + fault.how());
                stands(fault, fault == Fault.COORDINATOR_DIES ? State.ARMED : State.ON, terms);
            } else {
                undo(fault);
                timeline.add(Timeline.Kind.FAULT, "undone: " + fault.title());
                stands(fault, State.OFF, terms);
            }
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException trouble) {
            log.warn("{} could not be {}", fault.id(), on ? "made" : "undone", trouble);
            timeline.add(
                    Timeline.Kind.FAULT,
                    "%s could not be %s: %s".formatted(fault.title(), on ? "made" : "undone", trouble.getMessage()));
            stands(fault, on ? State.OFF : State.ON, terms);
            throw trouble;
        }
    }

    private void make(Fault fault, Terms terms) throws InterruptedException {
        switch (fault) {
            case BANK_B_STOPPED -> stage.bankB().kill();
            case BANK_B_SLOW -> delay(SLOW_MILLIS);
            case BANK_B_REFUSES -> closeAccounts(true);
            case COORDINATOR_DIES ->
                (terms.afterDecision() ? DeathSwitch.AFTER_DECISION : DeathSwitch.BEFORE_DECISION).arm(stage.folder());
            case ORCHESTRATOR_DIES -> stage.transfer().kill();
            case RELAY_PAUSED -> {
                if (!stage.transfer().isAlive()) {
                    throw new IllegalStateException("The transfer service is down; start it first.");
                }
                stage.standBy().start();
                stage.standBy().awaitUp();
                stage.transfer().freeze();
            }
            case KAFKA_STOPPED -> stage.kafka().stop();
            case DUPLICATES -> {
                copies = 0;
                duplicator = new Duplicator(stage.kafka().bootstrapServers());
            }
        }
    }

    private void undo(Fault fault) throws InterruptedException {
        switch (fault) {
            case BANK_B_STOPPED -> up(stage.bankB());
            case BANK_B_SLOW -> delay(0);
            case BANK_B_REFUSES -> closeAccounts(false);
            case COORDINATOR_DIES -> {
                for (DeathSwitch moment : DeathSwitch.values()) {
                    moment.disarm(stage.folder());
                }
                up(stage.transfer());
            }
            case ORCHESTRATOR_DIES -> up(stage.transfer());
            case RELAY_PAUSED -> {
                stage.transfer().wake();
                stage.standBy().close();
            }
            case KAFKA_STOPPED -> stage.kafka().restart();
            case DUPLICATES -> {
                Duplicator running = duplicator;
                if (running != null) {
                    running.close();
                    copies = running.copies();
                    duplicator = null;
                }
            }
        }
    }

    private static void up(Role role) throws InterruptedException {
        role.start();
        role.awaitUp();
    }

    private void delay(int millis) {
        stage.databases()
                .of("bank-b")
                .sql("update lab_delay set millis = :millis")
                .param("millis", millis)
                .update();
    }

    /** Those that nobody has locked; the others follow with the next ticks. */
    private int closeAccounts(boolean closed) {
        return stage.databases()
                .of("bank-b")
                .sql("""
                        update account set status = :status
                         where account in (select account from account where status <> :status for update skip locked)""")
                .param("status", closed ? "CLOSED" : "OPEN")
                .update();
    }

    /** To be called now and then: notes what has happened meanwhile, and goes on with what takes time. */
    void tick() {
        if (isOn(Fault.BANK_B_REFUSES) || state(Fault.BANK_B_REFUSES) == State.OFF) {
            try {
                closeAccounts(isOn(Fault.BANK_B_REFUSES));
            } catch (DataAccessException later) {
                log.debug("Accounts of bank B could not all be opened or closed; the next tick tries again", later);
            }
        }
        Standing coordinator = standing(Fault.COORDINATOR_DIES);
        if (coordinator.state() == State.ARMED && !isArmed()) {
            stands(Fault.COORDINATOR_DIES, State.ON, coordinator.terms());
        }
        for (Fault fault : Fault.values()) {
            Standing standing = standing(fault);
            Duration backAfter = standing.terms().backAfter();
            if (standing.state() == State.ON
                    && backAfter != null
                    && clock.getAsLong() - standing.since() >= backAfter.toMillis()) {
                stands(fault, State.ON, Terms.USUAL);
                off(fault);
            }
        }
        Duplicator running = duplicator;
        if (running != null) {
            copies = running.copies();
        }
    }

    private boolean isArmed() {
        for (DeathSwitch moment : DeathSwitch.values()) {
            if (moment.isArmed(stage.folder())) {
                return true;
            }
        }
        return false;
    }

    private boolean isOn(Fault fault) {
        return state(fault) == State.ON;
    }

    State state(Fault fault) {
        return standing(fault).state();
    }

    private synchronized Standing standing(Fault fault) {
        return Objects.requireNonNull(standings.get(fault));
    }

    private synchronized void stands(Fault fault, State state, Terms terms) {
        standings.put(fault, new Standing(state, clock.getAsLong(), terms));
    }

    /** All faults as they stand. */
    List<LabState.FaultState> all() {
        List<LabState.FaultState> all = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            Standing standing = standing(fault);
            all.add(new LabState.FaultState(
                    fault.id(),
                    fault.title(),
                    fault.how(),
                    fault.inSagaMode(),
                    fault.inTwoPhaseMode(),
                    fault.undo(),
                    standing.state().name(),
                    clock.getAsLong() - standing.since(),
                    note(fault, standing)));
        }
        return all;
    }

    private String note(Fault fault, Standing standing) {
        if (fault == Fault.DUPLICATES && copies > 0) {
            return copies + " copies published";
        }
        return standing.state() == State.ARMED ? "waits for the next transfer by two-phase commit" : "";
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(20, TimeUnit.SECONDS)) {
                log.warn("A fault is still being made or undone");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        Duplicator running = duplicator;
        if (running != null) {
            running.close();
        }
    }
}
