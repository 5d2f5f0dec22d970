package io.amends.benchmarks.twopc;

import io.amends.benchmarks.twopc.bank.Bank;
import io.amends.benchmarks.twopc.contender.Kind;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Holds both banks against each other and against what was told of the transfers. Used by one thread. */
final class Audit {

    private final Servers servers;
    private long completed;
    private long unknown;

    Audit(Servers servers) {
        this.servers = servers;
    }

    /** That many transfers were told as completed, and of that many nothing is known; both may have happened. */
    void told(long completed, long unknown) {
        this.completed += completed;
        this.unknown += unknown;
    }

    /**
     * Checks that money is conserved, that each transfer is in both ledgers once, and that nothing is prepared or set aside.
     *
     * @throws IllegalStateException if not
     */
    void check(Measure measure, Kind kind) {
        Bank.Sums a = sums(Installation.BANKS.get(0));
        Bank.Sums b = sums(Installation.BANKS.get(1));
        List<String> wrong = new ArrayList<>();
        no(wrong, "money came or went", a.change().add(b.change()).signum() != 0);
        for (Bank.Sums sums : List.of(a, b)) {
            no(wrong, "a ledger does not sum to zero", sums.ledger().signum() != 0);
            no(wrong, "balances differ from the ledger", sums.change().compareTo(sums.entered()) != 0);
            no(wrong, "a transfer is in a ledger twice", sums.entries() != sums.transfers());
            no(wrong, "a transaction is prepared and left", sums.prepared() != 0);
            no(wrong, "an amount is set aside and left", sums.held().compareTo(BigDecimal.ZERO) != 0);
        }
        no(wrong, "the banks do not have the same transfers", a.transfers() != b.transfers() || a.which() != b.which());
        no(
                wrong,
                "the transfers are not as many as were told",
                a.transfers() < completed || a.transfers() > completed + unknown);
        if (!wrong.isEmpty()) {
            throw new IllegalStateException(
                    "After %s with %s: %s. %d transfers were told as completed, of %d nothing is known. Bank a: %s, bank b: %s"
                            .formatted(measure, kind, wrong, completed, unknown, a, b));
        }
        // Now known.
        completed = a.transfers();
        unknown = 0;
    }

    private static void no(List<String> wrong, String what, boolean found) {
        if (found) {
            wrong.add(what);
        }
    }

    private Bank.Sums sums(String bank) {
        try (Connection connection = servers.connect(bank)) {
            return Bank.sums(connection);
        } catch (SQLException trouble) {
            throw new IllegalStateException("%s can't be added up".formatted(bank), trouble);
        }
    }
}
