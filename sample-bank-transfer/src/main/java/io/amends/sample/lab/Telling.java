package io.amends.sample.lab;

import io.amends.sample.lab.Look.Bank;
import io.amends.sample.lab.Look.OpenTransfer;
import io.amends.sample.lab.Look.Prepared;
import io.amends.sample.lab.Look.Session;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a look means, in words. */
final class Telling {

    private Telling() {}

    /**
     * What an open transfer waits for.
     *
     * @param down services that nobody runs now
     */
    static String waitsFor(OpenTransfer transfer, List<Prepared> prepared, Set<String> down) {
        if (transfer.mode().equals(LabOrder.SAGA)) {
            return ofSaga(transfer, down);
        }
        String at = String.join(" and ", banksWherePrepared(transfer, prepared));
        if (down.contains("transfer")) {
            return "its coordinator, which is down%s%s"
                    .formatted(
                            transfer.decision() == null
                                    ? ""
                                    : ", to tell the banks that it is decided: " + transfer.decision(),
                            keeping(at));
        }
        return switch (transfer.state()) {
            case "UNKNOWN" -> "the log of decisions, to know what was decided" + keeping(at);
            case "DECIDED" -> "a bank that must hear that it commits" + keeping(at);
            default -> {
                if (transfer.decision() != null) {
                    yield "its coordinator, to tell the banks that it is decided: " + transfer.decision() + keeping(at);
                }
                if (transfer.transaction() == null) {
                    yield "its turn: other transfers have its accounts, or all workers are at others";
                }
                yield at.isEmpty()
                        ? "the votes of both banks"
                        : at.contains(" and ")
                                ? "its coordinator to decide" + keeping(at)
                                : "the vote of "
                                        + (at.equals(transfer.fromBank()) ? transfer.toBank() : transfer.fromBank())
                                        + keeping(at);
            }
        };
    }

    private static String ofSaga(OpenTransfer transfer, Set<String> down) {
        if (transfer.state().equals("STUCK")) {
            return "an operator" + (transfer.reason() == null ? "" : ": " + transfer.reason());
        }
        if (down.contains("transfer")) {
            return "the orchestrator, which is down";
        }
        if (transfer.step() == null) {
            return "the orchestrator to go on";
        }
        String participant = Objects.requireNonNullElse(transfer.participant(), "the orchestrator");
        return "the answer of %s%s to %s%s"
                .formatted(
                        participant,
                        down.contains(participant) ? ", which is down," : "",
                        transfer.step(),
                        transfer.attempts() > 1 ? ", asked %d times".formatted(transfer.attempts()) : "");
    }

    private static String keeping(String banks) {
        return banks.isEmpty() ? "" : "; prepared and locked at " + banks;
    }

    private static SortedSet<String> banksWherePrepared(OpenTransfer transfer, List<Prepared> prepared) {
        SortedSet<String> banks = new TreeSet<>();
        for (Prepared one : prepared) {
            if (one.transaction().equals(transfer.transaction())) {
                banks.add(one.bank());
            }
        }
        return banks;
    }

    /** The account that a prepared transaction has locked; null if it can't be told. */
    static @Nullable String account(Prepared prepared, @Nullable OpenTransfer transfer) {
        if (transfer == null) {
            return null;
        }
        return prepared.bank().equals(transfer.fromBank()) ? transfer.fromAccount() : transfer.toAccount();
    }

    /** Open transfers by two-phase commit, by the transaction of their newest run. */
    static Map<String, OpenTransfer> byTransaction(List<OpenTransfer> open) {
        Map<String, OpenTransfer> found = new HashMap<>();
        for (OpenTransfer transfer : open) {
            if (transfer.transaction() != null) {
                found.put(transfer.transaction(), transfer);
            }
        }
        return found;
    }

    /** Who holds locks and who waits for them, a sentence each; the same things are counted, not repeated. */
    static List<String> locks(Look look, long inDoubtAfter) {
        Map<String, OpenTransfer> transfers = byTransaction(look.open());
        List<String> told = new ArrayList<>();
        Map<String, Integer> holding = new LinkedHashMap<>();
        for (Prepared one : look.inDoubt(inDoubtAfter)) {
            OpenTransfer transfer = transfers.get(one.transaction());
            String account = account(one, transfer);
            holding.merge(
                    account == null
                            ? "%s: a prepared transaction holds locks".formatted(one.bank())
                            : "%s: a prepared transaction holds account %s".formatted(one.bank(), account),
                    1,
                    Integer::sum);
        }
        holding.forEach((what, count) -> told.add(count == 1 ? what : "%s (%d times)".formatted(what, count)));
        Map<String, List<Long>> waiting = new LinkedHashMap<>();
        for (Session session : look.sessions()) {
            waiting.computeIfAbsent(of(session, transfers), what -> new ArrayList<>())
                    .add(session.age());
        }
        waiting.forEach((what, ages) -> {
            long longest = ages.stream().mapToLong(Long::longValue).max().orElse(0);
            told.add("%s: %d session%s, the longest for %s"
                    .formatted(what, ages.size(), ages.size() == 1 ? "" : "s", seconds(longest)));
        });
        return told;
    }

    private static String of(Session session, Map<String, OpenTransfer> transfers) {
        String service = session.service();
        return switch (session.doing()) {
            case SLEEPS -> "%s: slow, as the lab wants it, with its locks held".formatted(service);
            case IDLE_IN_TRANSACTION -> "%s: in a transaction, and its process does nothing".formatted(service);
            case WAITS_FOR_LOCK -> {
                String transaction = session.transaction();
                if (transaction == null) {
                    yield "%s: waits for a lock of another session".formatted(service);
                }
                OpenTransfer transfer = transfers.get(transaction);
                String account = transfer == null ? null : account(new Prepared(service, transaction, "", 0), transfer);
                yield "%s: waits for %s, which a prepared transaction holds"
                        .formatted(service, account == null ? "a row" : "account " + account);
            }
        };
    }

    /**
     * What money is where, and whether any was made or lost. The databases are read one after the other, so that is certain only
     * if nothing has moved since the look before.
     */
    static LabState.MoneyState money(Look look, Look before, BigDecimal start) {
        Map<String, OpenTransfer> transfers = byTransaction(look.open());
        List<LabState.BankState> banks = new ArrayList<>();
        BigDecimal customers = BigDecimal.ZERO;
        BigDecimal transit = BigDecimal.ZERO;
        BigDecimal held = BigDecimal.ZERO;
        BigDecimal prepared = BigDecimal.ZERO;
        for (Bank bank : look.banks()) {
            BigDecimal here = BigDecimal.ZERO;
            for (Prepared one : look.prepared()) {
                OpenTransfer transfer = transfers.get(one.transaction());
                if (transfer != null && one.bank().equals(bank.bank())) {
                    here = here.add(transfer.amount());
                }
            }
            customers = customers.add(bank.balance());
            transit = transit.add(bank.transit());
            held = held.add(bank.held());
            prepared = prepared.add(here);
            banks.add(new LabState.BankState(bank.bank(), text(bank.balance()), text(bank.held()), text(here)));
        }
        BigDecimal more = customers.subtract(start);
        boolean atRest = look.open().isEmpty()
                && look.prepared().isEmpty()
                && before.open().isEmpty()
                && before.banks().equals(look.banks());
        LabState.Money verdict;
        String words;
        if (look.banks().size() < 2) {
            verdict = LabState.Money.UNKNOWN;
            words = "A bank's database can't be read now.";
        } else if (more.signum() == 0 && transit.signum() == 0) {
            verdict = LabState.Money.CONSERVED;
            words = "Conserved: customers have as much as at the start.";
        } else if (!atRest) {
            verdict = LabState.Money.MOVING;
            words = more.signum() > 0
                    ? "%s is on its way: credited already, and not yet taken from what is held or prepared at the other bank."
                            .formatted(text(more))
                    : "%s is on its way: taken already, and not yet credited at the other bank."
                            .formatted(text(more.negate()));
        } else {
            verdict = LabState.Money.NOT_CONSERVED;
            words = "NOT conserved: %s was %s, and nothing is on its way."
                    .formatted(text(more.abs()), more.signum() > 0 ? "made" : "lost");
        }
        return new LabState.MoneyState(banks, text(start), text(customers), text(held), text(prepared), verdict, words);
    }

    static String text(BigDecimal amount) {
        return amount.setScale(2, java.math.RoundingMode.UNNECESSARY).toPlainString();
    }

    static String seconds(long millis) {
        return millis < 10_000
                ? String.format(java.util.Locale.ROOT, "%.1f s", millis / 1000.0)
                : "%d s".formatted(millis / 1000);
    }
}
