package io.amends.sample.lab;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whether all came out right, once nothing runs any more: read from the ledgers and accounts themselves, not from what the
 * services say.
 *
 * @param wrong what did not; empty if all is well
 * @param customersHave all balances of both banks
 */
record Verdict(List<String> wrong, BigDecimal customersHave) {

    private static final Map<String, String> OF_TRANSFERS = Map.of(
            "sagas have not ended",
            "select count(*) from saga_instance where phase not in ('COMPLETED', 'COMPENSATED')",
            "transfers by two-phase commit have not ended",
            "select count(*) from two_phase_transfer where status not in ('COMMITTED', 'ABORTED')",
            "branches ended otherwise than was decided",
            "select count(*) from twopc_heuristic");

    private static final Map<String, String> OF_A_BANK = Map.of(
            "transactions are still prepared",
            "select count(*) from pg_prepared_xacts where database = current_database()",
            "movements were not made exactly once",
            """
            select count(*) from (select 1 from ledger_entry where transfer_id is not null
                                   group by transfer_id, kind having count(*) <> 2) x""",
            "transfers have entries that do not sum to zero",
            """
            select count(*) from (select 1 from ledger_entry where transfer_id is not null
                                   group by transfer_id having sum(amount) <> 0) x""",
            "holds are left of transfers that have ended",
            "select count(*) from hold where status = 'HELD'",
            "accounts have a balance that is not the ledger's",
            """
            select count(*) from account a
             where balance <> (select coalesce(sum(amount), 0) from ledger_entry l where l.account = a.account)""",
            "accounts have less than nothing",
            "select count(*) from account where balance < 0 or held < 0 or balance < held");

    Verdict {
        wrong = List.copyOf(wrong);
    }

    boolean isWell() {
        return wrong.isEmpty();
    }

    /**
     * Looks, and compares with what there was at the start.
     *
     * @throws org.springframework.dao.DataAccessException if a database can't be read
     */
    static Verdict take(LabDatabases databases, BigDecimal start) {
        List<String> wrong = new ArrayList<>();
        OF_TRANSFERS.forEach((what, sql) -> expectNone(wrong, databases, "transfer", what, sql));
        BigDecimal customersHave = BigDecimal.ZERO;
        BigDecimal transit = BigDecimal.ZERO;
        for (String bank : List.of("bank-a", "bank-b")) {
            OF_A_BANK.forEach((what, sql) -> expectNone(wrong, databases, bank, what, sql));
            customersHave = customersHave.add(sum(databases, bank, "select coalesce(sum(balance), 0) from account"));
            transit = transit.add(sum(
                    databases, bank, "select coalesce(sum(amount), 0) from ledger_entry where account = '(transit)'"));
        }
        if (customersHave.compareTo(start) != 0) {
            wrong.add("money was %s: %s at the start, %s now"
                    .formatted(customersHave.compareTo(start) > 0 ? "made" : "lost", start, customersHave));
        }
        if (transit.signum() != 0) {
            wrong.add("what left one bank did not all come to the other: %s is between them".formatted(transit));
        }
        return new Verdict(wrong, customersHave);
    }

    private static void expectNone(
            List<String> wrong, LabDatabases databases, String service, String what, String sql) {
        long found = databases.of(service).sql(sql).query(Long.class).single();
        if (found != 0) {
            wrong.add("%s: %d %s".formatted(service, found, what));
        }
    }

    private static BigDecimal sum(LabDatabases databases, String bank, String sql) {
        return databases.of(bank).sql(sql).query(BigDecimal.class).single();
    }
}
