package io.amends.sample;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** What a client was told of its transfers, to be held against the ledgers of the banks. Safe for use by many threads. */
final class MixedJournal {

    private static final String TRANSIT = "(transit)";

    private final Queue<Ended> ended = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();

    /** A transfer, the mode in which it was made and how it ended. */
    private record Ended(MixedOrder order, String mode, String status) {}

    /** A row of a bank's ledger. */
    record Movement(String bank, String transferId, String account, BigDecimal amount, String kind) {

        private String text() {
            return "%s %s %s %s".formatted(bank, account, amount.setScale(2), kind);
        }
    }

    void ended(MixedOrder order, String mode, String status) {
        ended.add(new Ended(order, mode, status));
        count.incrementAndGet();
    }

    int size() {
        return count.get();
    }

    /** How many there are of each mode and status. */
    Map<String, Integer> outcomes() {
        Map<String, Integer> outcomes = new TreeMap<>();
        ended.forEach(one -> outcomes.merge(one.mode() + " " + one.status(), 1, Integer::sum));
        return outcomes;
    }

    /** The transfers whose movements are not what was told: made once in their mode, or not at all. */
    List<String> violations(List<Movement> ledger) {
        Map<String, List<String>> found = new HashMap<>();
        ledger.forEach(movement -> found.computeIfAbsent(movement.transferId(), id -> new ArrayList<>())
                .add(movement.text()));
        List<String> violations = new ArrayList<>();
        for (Ended one : ended) {
            List<String> wanted = expected(one);
            List<String> made = found.getOrDefault(one.order().id(), List.of());
            if (!made.stream().sorted().toList().equals(wanted)) {
                violations.add("transfer %s ended as %s %s; the ledgers have %s instead of %s"
                        .formatted(one.order().id(), one.mode(), one.status(), made, wanted));
            }
        }
        return violations;
    }

    private static List<String> expected(Ended one) {
        MixedOrder order = one.order();
        boolean twoPhase = one.mode().equals(MixedOrder.TWO_PHASE);
        boolean moved = switch (one.status()) {
            case "COMPLETED" -> !twoPhase;
            case "COMMITTED" -> twoPhase;
            case "COMPENSATED", "ABORTED" -> false;
            default -> throw new IllegalStateException("%s is no end".formatted(one));
        };
        if (!moved) {
            return List.of();
        }
        String debit = twoPhase ? "DEBIT" : "CAPTURE";
        return List.of(
                        movement(
                                order,
                                order.fromBank(),
                                order.fromAccount(),
                                order.amount().negate(),
                                debit),
                        movement(order, order.fromBank(), TRANSIT, order.amount(), debit),
                        movement(order, order.toBank(), order.toAccount(), order.amount(), "CREDIT"),
                        movement(order, order.toBank(), TRANSIT, order.amount().negate(), "CREDIT"))
                .stream()
                .map(Movement::text)
                .sorted()
                .toList();
    }

    private static Movement movement(MixedOrder order, String bank, String account, BigDecimal amount, String kind) {
        return new Movement(bank, order.id(), account, amount, kind);
    }
}
