package io.amends.test.simulation;

import io.amends.outbox.OutboxMessage;
import io.amends.runtime.StartedSaga;
import io.amends.runtime.store.StoredSaga;
import io.amends.runtime.wire.WireHeaders;
import io.amends.saga.engine.ReasonCode;
import io.amends.saga.engine.SagaPhase;
import io.amends.test.simulation.Banking.Effect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The guarantees, checked against the banks' own journals and what went over the wire. */
final class Checks {

    private final Simulation simulation;
    private final Banking banking;
    private final List<String> violations = new ArrayList<>();

    private Checks(Simulation simulation, Banking banking) {
        this.simulation = simulation;
        this.banking = banking;
    }

    /** What must hold at any moment. */
    static List<String> safety(Simulation simulation, Banking banking) {
        Checks checks = new Checks(simulation, banking);
        checks.durableStart();
        checks.sentOnlyWhatWasStored();
        checks.effects();
        checks.orderPerKey();
        checks.terminalIsTerminal();
        checks.deadlines();
        simulation.troubles().forEach(trouble -> checks.violated("unexpected", trouble));
        simulation.quarantined().stream()
                .filter(kept -> !kept.startsWith("UNKNOWN_TYPE") && !kept.startsWith("HANDLER_FAILED"))
                .forEach(kept -> checks.violated("unexpected in quarantine", kept));
        return checks.violations;
    }

    /** What must hold once faults have ended and nothing is left to do. */
    static List<String> liveness(Simulation simulation, Banking banking) {
        Checks checks = new Checks(simulation, banking);
        for (StoredSaga saga : simulation.store().all()) {
            if (!saga.phase().isTerminal()) {
                checks.violated("P7", "saga %s is %s: %s".formatted(saga.key(), saga.phase(), saga.reason()));
            }
        }
        checks.everythingWasSent();
        if (checks.violations.isEmpty() && banking.total(simulation) != 0) {
            checks.violated("conservation", "%d was made or lost".formatted(banking.total(simulation)));
        }
        return checks.violations;
    }

    private void violated(String promise, String how) {
        violations.add(promise + ": " + how);
    }

    private void durableStart() {
        Map<UUID, StoredSaga> stored = new HashMap<>();
        simulation.store().all().forEach(saga -> stored.put(saga.sagaId(), saga));
        for (StartedSaga started : banking.started()) {
            if (!stored.containsKey(started.sagaId())) {
                violated("P1", "saga %s was started and is not there".formatted(started.sagaId()));
            }
        }
        long keys = stored.values().stream()
                .map(saga -> saga.name() + saga.key())
                .distinct()
                .count();
        if (keys != stored.size()) {
            violated("P1", "a business key has two sagas");
        }
    }

    private void sentOnlyWhatWasStored() {
        Set<UUID> appended = simulation.appended();
        simulation.sent().stream()
                .filter(message -> !appended.contains(message.id()))
                .forEach(message ->
                        violated("P2", "%s of a rolled-back transaction was sent".formatted(message.type())));
    }

    private void everythingWasSent() {
        Set<UUID> left = new HashSet<>(simulation.appended());
        simulation.sent().forEach(message -> left.remove(message.id()));
        if (!left.isEmpty()) {
            violated("P3", "%d committed messages were never sent".formatted(left.size()));
        }
    }

    private void effects() {
        for (StoredSaga saga : simulation.store().all()) {
            if (!Banking.movesAll(saga.name())) {
                continue;
            }
            UUID transfer = UUID.fromString(saga.key());
            List<Effect> effects = Banking.BANKS.stream()
                    .flatMap(bank -> banking.journal(simulation, bank).stream())
                    .filter(effect -> effect.transfer().equals(transfer))
                    .sorted(Comparator.comparingLong(Effect::order))
                    .toList();
            for (int leg = 0; leg < 4; leg++) {
                effectsOf(saga, leg, effects);
            }
            compensationOrder(saga, effects);
            localStep(saga, transfer);
        }
        for (String bank : Banking.BANKS) {
            balances(bank);
        }
    }

    private void effectsOf(StoredSaga saga, int leg, List<Effect> all) {
        List<Effect> actions = of(all, leg, false);
        List<Effect> compensations = of(all, leg, true);
        String what = "leg %d of %s saga %s".formatted(leg, saga.name(), saga.key());
        if (actions.size() > 1 || compensations.size() > 1) {
            violated("P4", "%s: %d actions, %d compensations".formatted(what, actions.size(), compensations.size()));
        }
        if (!compensations.isEmpty()
                && (actions.isEmpty()
                        || actions.get(0).order() > compensations.get(0).order())) {
            violated("P5", what + " was compensated without its action, or before it");
        }
        if (saga.phase() == SagaPhase.COMPLETED && (actions.size() != 1 || !compensations.isEmpty())) {
            violated(
                    "P7",
                    "%s is completed, but had %d actions and %d compensations"
                            .formatted(what, actions.size(), compensations.size()));
        }
        if (saga.phase() == SagaPhase.COMPENSATED && actions.size() != compensations.size()) {
            violated("P5", what + " is compensated, but its action has an effect");
        }
    }

    /** A local step's write commits with the state of its saga, and never twice. */
    private void localStep(StoredSaga saga, UUID transfer) {
        int notes = Banking.notes(simulation, transfer);
        boolean noted = saga.name().equals("approved") && saga.phase() == SagaPhase.COMPLETED;
        boolean either = saga.name().equals("approved") && !saga.phase().isTerminal();
        if (either ? notes < 0 || notes > 1 : notes != (noted ? 1 : 0)) {
            violated("P2", "%s saga %s left %d notes".formatted(saga.phase(), saga.key(), notes));
        }
    }

    /** What was done later is undone earlier. */
    private void compensationOrder(StoredSaga saga, List<Effect> effects) {
        boolean fan = saga.name().equals("fan");
        for (Effect first : effects) {
            for (Effect second : effects) {
                boolean parallel = fan && first.leg() + second.leg() == 1;
                if (first.compensation()
                        && second.compensation()
                        && !parallel
                        && first.leg() < second.leg()
                        && first.order() < second.order()) {
                    violated(
                            "compensation order",
                            "leg %d of saga %s was compensated before leg %d"
                                    .formatted(first.leg(), saga.key(), second.leg()));
                }
            }
        }
    }

    private static List<Effect> of(List<Effect> effects, int leg, boolean compensation) {
        return effects.stream()
                .filter(effect -> effect.leg() == leg && effect.compensation() == compensation)
                .toList();
    }

    /** A compensation takes back what its action did, whatever others did to the account meanwhile. */
    private void balances(String bank) {
        List<Effect> journal = banking.journal(simulation, bank);
        for (Effect undo : journal) {
            if (undo.compensation()) {
                journal.stream()
                        .filter(effect -> !effect.compensation()
                                && effect.transfer().equals(undo.transfer())
                                && effect.leg() == undo.leg()
                                && effect.amount() != -undo.amount())
                        .forEach(effect -> violated(
                                "conservation",
                                "%d was moved and %d moved back".formatted(effect.amount(), undo.amount())));
            }
        }
    }

    private void orderPerKey() {
        Map<String, Long> last = new HashMap<>();
        Set<UUID> seen = new HashSet<>();
        for (OutboxMessage message : simulation.sent()) {
            byte[] sequence = message.headers().get(WireHeaders.SEQUENCE);
            if (sequence != null && message.topic().endsWith(".commands") && seen.add(message.id())) {
                long number = Long.parseLong(new String(sequence, StandardCharsets.UTF_8));
                String key = message.topic() + " " + message.key();
                if (last.getOrDefault(key, 0L) >= number) {
                    violated("P6", "%s: %d came after %d".formatted(key, number, last.get(key)));
                }
                last.put(key, number);
            }
        }
    }

    private void terminalIsTerminal() {
        for (StoredSaga saga : simulation.store().all()) {
            SagaPhase ended = null;
            for (StoredSaga.HistoryEntry entry : simulation.store().history(saga.sagaId())) {
                SagaPhase phase = SagaPhase.valueOf(entry.phase());
                if (ended != null && ended != phase) {
                    violated("terminal", "saga %s was %s and became %s".formatted(saga.key(), ended, phase));
                }
                ended = phase.isTerminal() ? phase : null;
            }
        }
    }

    private void deadlines() {
        for (StoredSaga saga : simulation.store().all()) {
            UUID transfer = UUID.fromString(saga.key());
            if (saga.cause() != null
                    && saga.cause().code() == ReasonCode.DEADLINE_BREACHED
                    && banking.turnedBack().containsKey(transfer)
                    && banking.turnedBack()
                            .get(transfer)
                            .isBefore(saga.createdAt().plus(Banking.DEADLINE).minusSeconds(1))) {
                violated("deadline", "saga %s was turned back before its deadline".formatted(saga.key()));
            }
        }
    }
}
